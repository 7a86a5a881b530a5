import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { version } from '../../package.json';
import { project } from '../project-files';
import { withRelease } from './changelog';

/**
 * Run by `npm version`: puts the unreleased changes under the version that package.json now has.
 */
const file = join(project, 'CHANGELOG.md');
const today = new Date().toISOString().slice(0, 10);
writeFileSync(file, withRelease(readFileSync(file, 'utf8'), version, today));
