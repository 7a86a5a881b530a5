import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const rule = join(__dirname, '../../scripts/early-readers.awk');
const judge = (script: string) =>
  spawnSync('awk', ['-f', rule, '/dev/stdin'], { input: script, encoding: 'utf8' });

test.each([
  'ip address | grep -qwF "inet $address"',
  'ip address | grep -Eq inet || fail',
  'ip address | LC_ALL=C grep --quiet inet',
  'journalctl | grep -m1 error',
  'seq 9 | head -n 1',
  'first=$(seq 9 | head)',
  'seq 9 | sed 3q',
  "seq 9 | sed -n '/3/{p;q}'",
  "seq 9 | awk '{ print; exit }'",
  'seq 9 | read -r first',
  'openssl s_client | openssl x509 -noout',
  'seq 9 |\n  grep -q 3',
  'seq 9 \\\n  | head -n 1',
])('lint refuses a reader that may leave early: %j', (line) => {
  const { status, stdout } = judge(line);
  expect(status).toBe(1);
  expect(stdout).toContain('/dev/stdin:1: ');
});

test.each([
  'grep -q inet "$file"',
  'has_tool || head -n 1 "$file"',
  'ip address | grep inet >/dev/null',
  'seq 9 | sed -n 1p',
  'seq 9 | tail -n 1',
  "seq 9 | awk '{ last = $0 } END { print last }'",
  '# seq 9 | head -n 1',
  'openssl x509 -in "$shown"',
])('lint takes what reads to the end: %j', (line) => {
  expect(judge(line)).toMatchObject({ status: 0, stdout: '' });
});
