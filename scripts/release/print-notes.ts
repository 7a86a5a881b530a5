import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { version } from '../../package.json';
import { project } from '../project-files';
import { notesOf } from './changelog';

/** `print-notes.ts VERSION`: the release notes of the version that is about to be released. */
const [asked] = process.argv.slice(2);
if (asked !== version)
  throw new Error(`the tag says ${asked ?? 'nothing'}, package.json says ${version}; tag again`);
console.log(notesOf(readFileSync(join(project, 'CHANGELOG.md'), 'utf8'), version));
