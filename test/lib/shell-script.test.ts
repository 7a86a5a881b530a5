import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { installLines, readUserdata } from '../../lib/shell-script';

const folder = mkdtempSync(join(tmpdir(), 'bridges-install-'));
afterAll(() => rmSync(folder, { recursive: true }));

const statusOf = (script: string) =>
  new Promise((resolve) => spawn('/bin/sh', ['-c', script]).on('close', resolve));

test('documents that run at the same time put the same file in place, and none trips over another', async () => {
  const source = 'server/sync.sh';
  const target = join(folder, 'programs/sync.sh');
  const script = ['set -eu', ...installLines([{ source, target, mode: '755' }])].join('\n');
  expect(await Promise.all(Array.from({ length: 12 }, () => statusOf(script)))).toEqual(
    Array.from({ length: 12 }, () => 0),
  );
  expect(readFileSync(target, 'utf8')).toBe(readUserdata(source));
  expect(statSync(target).mode & 0o777).toBe(0o755);
  expect(readdirSync(join(folder, 'programs'))).toEqual(['sync.sh']);
});
