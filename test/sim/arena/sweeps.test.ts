import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runSweeps } from '../../../sim/arena/pool';
import { mergeInto } from '../../../sim/arena/sweeps';

const folder = mkdtempSync(join(tmpdir(), 'sweeps-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what is found in a scenario replaces what was there, in the order of the scenarios', () => {
  const file = join(folder, 'made', 'tuned.json');
  mergeInto(file, 'S5', { hpa: { target: 0.5 } });
  mergeInto(file, 'S1', { hpa: { target: 0.3 } });
  mergeInto(file, 'S5', { hpa: { target: 0.4 } });
  const merged: unknown = JSON.parse(readFileSync(file, 'utf8'));
  expect(merged).toEqual({ S1: { hpa: { target: 0.3 } }, S5: { hpa: { target: 0.4 } } });
  expect(Object.keys(merged as object)).toEqual(['S1', 'S5']);
});

test('a scenario that does not exist is refused by name', async () => {
  await expect(runSweeps(['S99'], 1, () => undefined)).rejects.toThrow("no scenario 'S99'");
});
