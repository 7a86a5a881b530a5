import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const library = join(__dirname, '../../../userdata/server/lib');
const folder = mkdtempSync(join(tmpdir(), 'bridges-lib-'));
afterAll(() => rmSync(folder, { recursive: true }));

function bash(script: string) {
  return spawnSync('/bin/bash', ['-c', `set -euo pipefail\n${script}`], { encoding: 'utf8' });
}

test.each([
  'component_secret = "hidden"',
  'JVB_SECRET=hidden',
  'org.jitsi.jicofo.FOCUS_USER_PASSWORD=hidden',
  'sql = { driver = "MySQL", password = "hidden" }',
  'ldap_password = "hidden"',
  'Secret = "hidden"',
])('what prepare would change is shown without the value in %s', (line) => {
  writeFileSync(join(folder, 'file'), 'first\nsecond\n');
  writeFileSync(join(folder, 'new'), `first\n${line}\n`);
  const { status, stderr } = bash(`
    work=${folder}
    . ${library}/files.bash
    change ${folder}/file ${folder}/new
    print_changes`);
  expect(status).toBe(0);
  expect(stderr).toContain('…');
  expect(stderr).toContain(line.split('=')[0]);
  expect(stderr).not.toContain('hidden');
  expect(stderr).toContain('-second'); // and what goes
});

describe('who is connected, when sync is to remove many', () => {
  const heard = (ss: string) =>
    bash(`
      . ${library}/sync-accounts.bash
      prosody_sockets() { ${ss}; }
      heard_lately`).stdout;
  const connection = 'ESTAB 0 0 [::ffff:10.0.0.1]:5222 [::ffff:10.0.0.2]:40000';

  test('those that have sent something in the last 15 s', () => {
    const silent = connection.replace('10.0.0.2', '10.0.0.3');
    expect(
      heard(`printf '%s\\n' '${connection} cubic lastrcv:4000' '${silent} cubic lastrcv:16000'`),
    ).toBe('10.0.0.2\n');
  });

  test('everybody, where ss cannot tell when', () => {
    expect(heard(`[[ $1 != *O* ]] && echo '${connection}'`)).toBe('10.0.0.2\n');
  });
});
