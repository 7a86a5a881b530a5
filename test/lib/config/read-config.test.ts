import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readConfig } from '../../../lib/config/read-config';
import { smallestFleet } from './example-config';

const folder = mkdtempSync(join(tmpdir(), 'bridges-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

it('reads the annotated example', () => {
  expect(readConfig(join(__dirname, '../../../bridges.example.yaml'))).toMatchObject({
    fleet: 'main',
    policy: { min: 1, max: 10 },
  });
});

it('reads JSON', () => {
  expect(readConfig(file('bridges.json', JSON.stringify(smallestFleet)))).toMatchObject({
    domain: 'meet.example.org',
  });
});

test.each([
  [
    'a file that is not there',
    () => join(folder, 'none.yaml'),
    /none\.yaml is invalid:\n.*the file does not exist; copy bridges\.example\.yaml/,
  ],
  ['a file that is not YAML', () => file('bad.yaml', 'fleet: [1,\nb: }'), /bad\.yaml is invalid/],
])('names %s', (_, path, expected) => {
  expect(() => readConfig(path())).toThrow(expected);
});
