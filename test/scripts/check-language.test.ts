import { checkLanguage } from '../../scripts/language/check-language';

const findings = (file: string, content: string) =>
  checkLanguage(file, content).map(({ line, message }) => `${line}: ${message}`);

describe('words', () => {
  test.each([
    ['Markdown', 'docs/a.md', 'One.\n\nA quiet bridge is repaired.', '3: "quiet bridge"'],
    ['a comment', 'sim/a.ts', '/** A drain that is taken back. */', '1: "taken back"'],
    ['a string', 'cli/a.ts', "const text = 'the same id again';", '1: "the same id again"'],
    ['a template', 'cli/a.ts', 'const text = `2 bridges would do: ${2}`;', '1: "bridges would do"'],
    ['a test name', 'test/a.test.ts', "it('has patience', run);", '1: "patience"'],
    ['a shell script', 'userdata/a.sh', '#!/bin/sh\n# in the middle', '2: "in the middle"'],
    ['a script without ending', 'scripts/a', '#!/usr/bin/env bash\n# worth a visit', '2: "worth'],
    ['YAML', 'a.yaml', '# what is under way goes on', '1: "what is under way goes on"'],
    ['a phrase over two lines', 'docs/a.md', 'It can be taken\nback at once.', '1: "taken back"'],
    [
      'a comment over two lines',
      'sim/a.ts',
      '/**\n * in the\n * middle\n */',
      '2: "in the middle"',
    ],
    ['a name', 'sim/a.ts', 'const victims = [];', '1: "victims"'],
  ])('in %s', (_, file, content, expected) => {
    expect(findings(file, content)).toEqual([expect.stringContaining(expected)]);
  });

  test.each([
    ['a key of the config', 'docs/a.md', 'Set `scaleInPatienceSeconds` to 120.'],
    ['an argument that is absent', 'lambdas/a.ts', "const text = 'action is missing';"],
    ['what a remote system does', 'docs/a.md', 'Prosody refused the connection.'],
    [
      'a word in another sense',
      'sim/a.ts',
      '// A held lock; the world of time zones; quiet hours.',
    ],
    ['an identifier that is a word', 'sim/a.ts', 'const held = new Map();'],
    ['a stanza', 'a.xml', 'in the middle'],
  ])('allows %s', (_, file, content) => {
    expect(findings(file, content)).toEqual([]);
  });

  it('says what to write instead', () => {
    expect(findings('docs/a.md', 'It can be taken back.')).toEqual([
      '1: "taken back": use "undrain", "undo" or "revert"',
    ]);
  });
});

describe('lines', () => {
  const long = 'word '.repeat(21).trim();

  test.each([
    ['Markdown', 'docs/a.md', long],
    ['a comment of a shell script', 'scripts/a', `#!/bin/sh\n# ${long}`],
    ['a comment of Lua', 'userdata/a.lua', `-- ${long}`],
    ['a comment of YAML', 'a.yaml', `  # ${long}`],
  ])('of %s have at most 100 columns', (_, file, content) => {
    expect(findings(file, content)).toEqual([expect.stringContaining('longer than 100 columns')]);
  });

  test.each([
    ['a table', 'docs/a.md', `| ${long} |`],
    ['a fenced block', 'docs/a.md', `\`\`\`text\n${long}\n\`\`\``],
    ['a long link', 'docs/a.md', `See [the page](${'x'.repeat(110)}).`],
    ['code of a shell script', 'scripts/a', `#!/bin/sh\necho ${long}`],
    ['text of just 100 columns', 'docs/a.md', 'x '.repeat(50).trim()],
  ])('may be longer: %s', (_, file, content) => {
    expect(findings(file, content)).toEqual([]);
  });
});
