import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

import type { AuditReport } from '../../../local/audit/report';

test('in the stories of both generations no right is missing, and none is granted for nothing', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'local/audit/main.ts', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, progress] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  if (!output.startsWith('{')) throw new Error(progress.slice(-4000));
  const report = JSON.parse(output) as AuditReport;
  expect(report.denied).toEqual([]);
  expect(report.unused).toEqual([]);
  expect(report.calls).toBeGreaterThan(1000);
});
