import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const userdata = join(__dirname, '../../../userdata');
const folder = mkdtempSync(join(tmpdir(), 'bridges-race-'));
const times = 100;
const certificate = join(folder, 'certificate.pem');
const ended = '-----END CERTIFICATE-----';

beforeAll(() => {
  const made = spawnSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'].concat([
      '-subj',
      '/CN=auth.meet.test',
      '-keyout',
      '/dev/null',
      '-out',
      certificate,
    ]),
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(made.stderr);
  // Goes on to talk long after the certificate.
  const tool = join(folder, 'openssl');
  writeFileSync(
    tool,
    `#!/bin/bash\n[ "$1" = s_client ] || exec /usr/bin/openssl "$@"\ncat ${certificate}\nprintf '%100000s\\\\n' other other\n`,
  );
  chmodSync(tool, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** More than a pipe holds, after what a hasty reader would be content with. */
const setUp = `
  set -euo pipefail
  much() { printf '%s\\n' "$1" && printf '%100000s\\n' other other; }
  work=${folder} BRIDGES_AUTH_HOST=auth.meet.test BRIDGES_DOMAIN=meet.test BRIDGES_FLEET=main
  BRIDGES_GENERATION=muc BRIDGES_BREWERY=a@internal.auth.meet.test BRIDGES_SERVER_ADDRESS=10.0.0.1
  state=${folder} home=/opt/jitsi-bridges seconds_for_prosody=30 units=${folder}
  declare -A fact=([program_ports]='5222 5347')
  program_file() { echo "/opt/$1"; }
  for part in installed admin-shell sync-accounts; do . ${userdata}/server/lib/$part.bash; done
  PATH=${folder}:$PATH`;

const connection = 'ESTAB 0 0 [::ffff:10.0.0.1]:5222 [::ffff:10.0.0.2]:40000';

/** Every function that was, or could be, a pipeline whose reader leaves before its writer. */
const readers: readonly (readonly [string, string, string])[] = [
  ['prosody_version', `prosody_exec() { much 'Prosody 0.12.3'; }`, '0.12.3'],
  [
    'installed_version jicofo',
    `dpkg-query() { printf 'installed 1.0-9 %70000s' x; }`,
    `1.0-9 ${'x'.padStart(70_000)}`,
  ],
  [
    'where_else',
    `docker() { much 0a1b2c; }`,
    "its container runs here (docker-jitsi-meet): set server.kind: docker in the fleet's config and deploy",
  ],
  ['admin_shell </dev/null', `prosody_console() { much '| Result: yes'; }`, 'yes'],
  [
    'ask_running && running .focus',
    `prosody_console() { much '| Result: {"focus":"a@b"}'; }`,
    'a@b',
  ],
  ['reload_prosody && echo done', `prosody_console() { much '| OK: reloaded'; }`, 'done'],
  ['shown_certificate 127.0.0.1:5222 | tail -n 1', '', ended],
  ['heard_lately', `prosody_sockets() { much '${connection}'; }`, '10.0.0.2'],
  ["named '*'", `much '*10.0.0.2' >${folder}/words`, '10.0.0.2'],
  [
    'local_connections',
    `. ${userdata}/server/lib/restart.bash
    ss() { printf '0 0 127.0.0.1:40000 127.0.0.1:%s users:(("java",pid=1,fd=2))\\n' 5222 5347 5222; much 'ESTAB 0 0 a:1 b:5222'; }`,
    'connection 1 of java to port 5222\nconnection 1 of java to port 5347\nconnection 2 of java to port 5222',
  ],
];

test.each(readers)(`${String(times)} times, %s answers the same`, (reader, fakes, answer) => {
  const { status, stdout, stderr } = spawnSync(
    '/bin/bash',
    [
      '-c',
      `${setUp}
       ${fakes}
       declare -A answers=()
       for _ in {1..${String(times)}}; do
         answer=$(${reader}) || answer="failed with $?: $answer"
         answers[x$answer]=yes
       done
       printf '%s\\n' "\${#answers[@]}" "\${!answers[@]}"`,
    ],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  expect(stdout).toBe(`1\nx${answer}\n`);
  expect(status).toBe(0);
});

test.each([
  ['Prosody 0.12.3', '0.12.3'],
  ['Prosody 13.0.2', '13.0.2'],
  [
    'Prosody trunk nightly build 1888 (2024-11-28, 1a2b3c)',
    'trunk nightly build 1888 (2024-11-28, 1a2b3c)',
  ],
  ['Prosody hg:1a2b3c4d5e6f', 'hg:1a2b3c4d5e6f'],
])('the program tells its version, whatever its package is called: %s', (line, version) => {
  const { stdout } = spawnSync(
    '/bin/bash',
    [
      '-c',
      `${setUp}\nprosody_exec() { printf '%s\\n' '${line}' '# Prosody directories'; }\nprosody_version`,
    ],
    { encoding: 'utf8' },
  );
  expect(stdout).toBe(version);
});
