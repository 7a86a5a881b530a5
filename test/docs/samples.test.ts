import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { samples, withSamples } from '../../scripts/docs-samples/samples';

const docs = join(__dirname, '../../docs');
const pages = readdirSync(docs)
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({ name, text: readFileSync(join(docs, name), 'utf8') }))
  .filter(({ text }) => text.includes('<!-- sample '));

test.each(pages)('$name shows what the code says today (else: npm run docs)', async (page) => {
  expect(await withSamples(page.text, join(docs, page.name))).toBe(page.text);
});

test('every sample is shown somewhere', async () => {
  const all = pages.map(({ text }) => text).join('\n');
  for (const name of (await samples()).keys()) expect(all).toContain(`<!-- sample ${name} -->`);
});

test('a sample that does not exist is an error that names page and sample', async () => {
  const page = '<!-- sample nonsense -->\n\n<!-- end sample -->\n';
  await expect(withSamples(page, 'page.md')).rejects.toThrow(
    'page.md: there is no sample nonsense',
  );
});
