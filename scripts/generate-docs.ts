import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { configurationReference } from '../lib/config/reference';
import { withSamples } from './docs-samples/samples';
import { policyPictures } from './policy-pictures/pictures';

const docs = join(__dirname, '../docs');

/** `npm run docs`: writes the docs that are made out of code. */
async function main(): Promise<void> {
  writeFileSync(join(docs, 'configuration.md'), configurationReference());
  for (const [name, picture] of policyPictures())
    writeFileSync(join(docs, 'policy', name), picture);
  for (const name of readdirSync(docs).filter((file) => file.endsWith('.md'))) {
    const file = join(docs, name);
    const page = readFileSync(file, 'utf8');
    if (page.includes('<!-- sample ')) writeFileSync(file, await withSamples(page, file));
  }
}

void main();
