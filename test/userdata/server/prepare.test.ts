import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const home = join(__dirname, '../../../userdata/server');
const tools = mkdtempSync(join(tmpdir(), 'bridges-tools-'));
afterAll(() => rmSync(tools, { recursive: true }));

test('a server without jq is told so in one line of JSON, although jq makes all other answers', () => {
  for (const tool of ['openssl', 'ip', 'flock', 'diff'])
    symlinkSync('/bin/true', join(tools, tool));
  const { status, stdout } = spawnSync('/bin/bash', [join(home, 'prepare.sh'), 'check'], {
    env: { PATH: tools, BRIDGES_HOME: home },
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  const { ok, error } = JSON.parse(stdout) as { ok: boolean; error: string };
  expect(ok).toBe(false);
  expect(error).toMatch(/^this server lacks jq\b.*apt-get install jq/);
});
