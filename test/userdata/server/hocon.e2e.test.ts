import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { rootFileSystem } from '../../../local/machines/root-file-system';

const repository = join(__dirname, '../../..');
const reader = readFileSync(join(repository, 'userdata/server/lua/hocon.lua'), 'utf8');

/** Read by the Lua that Debian 12 has for Prosody. */
function brewery(text: string, variables: Readonly<Record<string, string>> = {}): string {
  const program = `
    local hocon = load(os.getenv "READER")()
    local ok, document = pcall(hocon.parse, "jicofo.conf", os.getenv "TEXT", os.getenv)
    if not ok then print(document) os.exit() end
    local ok, value, where = pcall(document.get, "jicofo.bridge.brewery-jid")
    print(tostring(value) .. (where and where:match(":%d+$") or ""))`;
  const { stdout, stderr } = spawnSync(
    'chroot',
    [resolve(repository, rootFileSystem('bookworm')), 'lua5.4', '-e', program],
    {
      env: { PATH: '/usr/sbin:/usr/bin', READER: reader, TEXT: text, ...variables },
      encoding: 'utf8',
    },
  );
  return `${stdout}${stderr}`.trimEnd();
}

// Each answer is what the library that Jicofo itself uses (com.typesafe:config 1.4.2) gives,
// besides the line.
test.each([
  ['nested', 'jicofo {\n  bridge {\n    brewery-jid = "a@b"\n  }\n}', 'a@b:3'],
  ['in one line', 'jicofo.bridge.brewery-jid=a"@b"', 'a@b:1'],
  ['with colons and a comma', '{"jicofo": {"bridge": {"brewery-jid": "a@b"}},}', 'a@b:1'],
  [
    'the last of several',
    'jicofo.bridge.brewery-jid="a"\njicofo { bridge { brewery-jid="b" } }',
    'b:2',
  ],
  ['of another part', 'jicofo.jibri.brewery-jid="a"', 'nil'],
  ['in comments', '# jicofo.bridge.brewery-jid="a"\n// jicofo.bridge.brewery-jid="b"', 'nil'],
  ['by substitution', 'x = a\njicofo.bridge.brewery-jid = ${x}"@b"', 'a@b:2'],
  [
    'by one that may be missing',
    'jicofo.bridge.brewery-jid = a\njicofo.bridge.brewery-jid = ${?X}',
    'a:1',
  ],
  ['by a copy of an object', 'd { brewery-jid = a }\njicofo.bridge = ${d} { y = 1 }', 'a:1'],
  [
    'on itself',
    'jicofo.bridge.brewery-jid = a\njicofo.bridge.brewery-jid = ${jicofo.bridge.brewery-jid}b',
    'ab:2',
  ],
  ['in three quotes', 'jicofo.bridge.brewery-jid = """a"b"""', 'a"b:1'],
  ['with CRLF', 'jicofo {\r\n bridge.brewery-jid = "a@b"\r\n}\r\n', 'a@b:2'],
  ['null', 'jicofo.bridge.brewery-jid = a\njicofo.bridge.brewery-jid = null', 'nil'],
  ['an object overwritten', 'jicofo.bridge.brewery-jid = a\njicofo = 1\njicofo.x = 2', 'nil'],
])('the brewery %s', (_, text, expected) => {
  expect(brewery(text)).toBe(expected);
});

test('what the environment says is heard', () => {
  expect(brewery('jicofo.bridge.brewery-jid = ${ROOM}', { ROOM: 'r@h' })).toBe('r@h:1');
});

test.each([
  [
    'a substitution that nothing sets',
    'jicofo.bridge.brewery-jid = ${nowhere}',
    'jicofo.conf:1: ${nowhere} is not set',
  ],
  [
    'an include inside of the program',
    'include classpath("x.conf")',
    'jicofo.conf:1: an include that only Jicofo itself can follow',
  ],
  [
    'a string without its end',
    '\njicofo.bridge.brewery-jid = "a',
    'jicofo.conf:2: a string without its end',
  ],
  ['an object without its end', 'jicofo {\n bridge {', 'jicofo.conf:2: an object without its end'],
])('%s is told with file and line, and nothing is guessed', (_, text, expected) => {
  expect(brewery(text)).toContain(expected);
});
