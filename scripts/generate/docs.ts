import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { configurationReference } from '../../lib/config/reference';
import { policyPictures } from '../policy-pictures/pictures';
import { apiReference } from './api-reference';
import { fleetProps } from './fleet-props';

/** `npm run docs`: writes what is made out of code, docs and the interfaces of the props. */
const root = join(__dirname, '../..');
writeFileSync(join(root, 'docs/configuration.md'), configurationReference());
writeFileSync(join(root, 'lib/fleet-props.ts'), fleetProps());
for (const [name, picture] of policyPictures())
  writeFileSync(join(root, 'docs/policy', name), picture);
// Last, since it reads the interfaces.
writeFileSync(join(root, 'docs/api.md'), apiReference());
