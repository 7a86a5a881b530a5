import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import fc from 'fast-check';

import { rootFileSystem } from '../../../local/machines/root-file-system';

const repository = join(__dirname, '../../..');
const changes = readFileSync(join(repository, 'userdata/server/lua/changes.lua'), 'utf8');
const hex = (text: string): string => Buffer.from(text).toString('hex');

/**
 * For each text, what it is with lines of ours at its end; run by the Lua that Prosody has there.
 */
function lua(
  what: 'with' | 'without',
  texts: readonly string[],
  suite: 'bookworm' | 'bullseye' = 'bookworm',
): readonly string[] {
  const program = `
    local changes = (loadstring or load)(os.getenv "CHANGES")()
    for line in io.lines() do
      local text = line:sub(2):gsub("%x%x", function (x) return string.char(tonumber(x, 16)) end)
      local done = ${what === 'with' ? 'changes.append(text, "#", { "a = 1", "b = 2" })' : 'changes.strip(text)'}
      print("x" .. (tostring(done):gsub(".", function (c) return ("%02x"):format(c:byte()) end)))
    end`;
  const interpreter = suite === 'bookworm' ? 'lua5.4' : 'lua5.2';
  const { stdout, stderr } = spawnSync(
    'chroot',
    [resolve(repository, rootFileSystem(suite)), interpreter, '-e', program],
    {
      input: texts.map((text) => `x${hex(text)}\n`).join(''),
      env: { PATH: '/usr/sbin:/usr/bin', CHANGES: changes },
      encoding: 'utf8',
    },
  );
  if (stderr !== '') throw new Error(stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => Buffer.from(line.slice(1), 'hex').toString());
}

/** What editors, configuration management and `unix2dos` do to a text that has our lines. */
const edits: readonly (readonly [string, (text: string) => string])[] = [
  ['leave alone', (text) => text],
  ['convert to CRLF', (text) => text.replaceAll(/\r?\n/g, '\r\n')],
  ['convert to LF', (text) => text.replaceAll('\r\n', '\n')],
  ['begin with another line', (text) => `# theirs\n${text}`],
];

const texts = fc.array(
  fc
    .array(fc.constantFrom('x = 1', '', ' ', '# für 会議', '-- [[', 'VirtualHost "a"', '\t'), {
      maxLength: 6,
    })
    .chain((lines) =>
      fc
        .tuple(fc.constantFrom('\n', '\r\n'), fc.constantFrom('', '\n', '\r\n'))
        .map(([end, last]) => lines.join(end) + last),
    ),
  { minLength: 200, maxLength: 200 },
);

test.each(edits)('our lines are taken out to the byte, whatever others %s since', (_, edit) => {
  fc.assert(
    fc.property(texts, (generated) => {
      const ours = lua('with', generated);
      expect(ours.every((text) => text.includes('b = 2'))).toBe(true);
      expect(lua('without', ours.map(edit))).toEqual(generated.map(edit));
    }),
    { numRuns: 3 },
  );
});

test('as Prosody of 2019 has it, with an older Lua', () => {
  const [ours = ''] = lua('with', ['x = 1'], 'bullseye');
  expect(lua('without', [ours], 'bullseye')).toEqual(['x = 1']);
});
