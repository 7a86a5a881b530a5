import { setTimeout as pause } from 'node:timers/promises';

import { startInNamespace } from '../../local/namespace/launcher';

test('a start that is ended half-way ends at once, and in good order', async () => {
  const running = await startInNamespace({
    program: 'local/inside.ts',
    args: ['watch', 'json'],
    patienceSeconds: 20,
  });
  await pause(8000);
  const before = Date.now();
  expect(await running.stop()).toEqual({ exitCode: 1 });
  expect(Date.now() - before).toBeLessThan(10_000);
});
