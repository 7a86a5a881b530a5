import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const home = join(__dirname, '../../../userdata/server');
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** A folder with these programs alone, which do nothing but succeed. */
function toolbox(...names: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'bridges-tools-'));
  folders.push(folder);
  for (const name of names) symlinkSync('/bin/true', join(folder, name));
  return folder;
}

function checkWith(tools: string): { ok: boolean; error: string } {
  const { status, stdout } = spawnSync('/bin/bash', [join(home, 'prepare.sh'), 'check'], {
    env: { PATH: tools, BRIDGES_HOME: home },
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  return JSON.parse(stdout) as { ok: boolean; error: string };
}

test('a server without jq is told so in one line of JSON, although jq makes all other answers', () => {
  const { ok, error } = checkWith(toolbox('openssl', 'ip', 'flock', 'diff'));
  expect(ok).toBe(false);
  expect(error).toMatch(/^this server lacks jq\b.*apt-get install jq/);
});

test('a jq that is too old is named before anything is done with it', () => {
  const tools = toolbox('aws', 'openssl', 'ip', 'flock', 'diff');
  writeFileSync(join(tools, 'jq'), '#!/bin/sh\necho jq-1.4-1-e73951f\n');
  chmodSync(join(tools, 'jq'), 0o755);
  const { ok, error } = checkWith(tools);
  expect(ok).toBe(false);
  expect(error).toContain('jq-1.4');
});

test.each([
  ['4 3', 'this server has bash'],
  ['3 2', 'this server has bash'],
  ['4 4', 'this server lacks no-such-tool'],
  ['5 2', 'this server lacks no-such-tool'],
])('a bash of version %s is judged before anything is done with it', (version, sentence) => {
  const { status, stdout } = spawnSync(
    '/bin/bash',
    [
      '-c',
      `set -euo pipefail
       version=(${version})
       . <(sed 's/BASH_VERSINFO/version/g' ${join(home, 'lib/answer.bash')})
       require_tools no-such-tool`,
    ],
    { encoding: 'utf8' },
  );
  expect(status).toBe(1);
  expect((JSON.parse(stdout) as { error: string }).error).toContain(sentence);
});
