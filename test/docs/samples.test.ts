import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { samples, withSamples, type Samples } from '../../scripts/generate/samples/samples';

const docs = join(__dirname, '../../docs');
const pages = readdirSync(docs)
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, text: readFileSync(join(docs, name), 'utf8') }))
  // cost.md has a test of its own: its samples take a minute.
  .filter(({ name, text }) => name !== 'cost.md' && text.includes('<!-- sample '));

let known: Samples;

beforeAll(async () => {
  known = await samples();
});

test.each(pages)('$name shows what the code says today (else: npm run docs)', (page) => {
  expect(withSamples(page.text, join(docs, page.name), known)).toBe(page.text);
});

test('every sample is shown somewhere', () => {
  const all = pages.map(({ text }) => text).join('\n');
  for (const name of known.keys()) expect(all).toContain(`<!-- sample ${name} -->`);
});

test('a sample that does not exist is an error that names page and sample', () => {
  const page = '<!-- sample nonsense -->\n\n<!-- end sample -->\n';
  expect(() => withSamples(page, 'page.md', known)).toThrow('page.md: there is no sample nonsense');
});
