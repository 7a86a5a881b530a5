import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { configurationReference } from '../../lib/config/reference';
import { policyPictures } from '../policy-pictures/pictures';
import { apiReference } from './api-reference';
import { fleetProps } from './fleet-props';
import { costSamples, daysOfTable } from './cost/cost-samples';
import { samples, withSamples } from './samples/samples';

const root = join(__dirname, '../..');
const docs = join(root, 'docs');

/** `npm run docs`: writes what is made out of code, docs and the interfaces of the props. */
async function main(): Promise<void> {
  writeFileSync(join(docs, 'configuration.md'), configurationReference());
  writeFileSync(join(root, 'lib/fleet-props.ts'), fleetProps());
  for (const [name, picture] of policyPictures())
    writeFileSync(join(docs, 'policy', name), picture);
  const known = new Map([...(await samples()), ...costSamples(await daysOfTable())]);
  for (const name of readdirSync(docs).filter((file) => file.endsWith('.md'))) {
    const file = join(docs, name);
    const page = readFileSync(file, 'utf8');
    if (page.includes('<!-- sample ')) writeFileSync(file, withSamples(page, file, known));
  }
  // Last, since it reads the interfaces.
  writeFileSync(join(docs, 'api.md'), apiReference());
}

void main();
