import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { configurationReference } from '../lib/config/reference';
import { policyPictures } from './policy-pictures/pictures';

/** `npm run docs`: writes the docs that are made out of code. */
writeFileSync(join(__dirname, '../docs/configuration.md'), configurationReference());
for (const [name, picture] of policyPictures())
  writeFileSync(join(__dirname, '../docs/policy', name), picture);
