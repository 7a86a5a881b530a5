import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkLanguage } from './language/check-language';
import { project, projectFiles } from './project-files';

/**
 * Part of `npm run lint`: the words of the project (scripts/language/rules.ts) and the length of
 * lines, in all of its texts. Paths as arguments restrict it.
 */

/** These quote forbidden words on purpose, are data, or are written by the benchmark. */
const exempt =
  /^(scripts\/language\/|test\/scripts\/|test\/fixtures\/|docs\/benchmark\/README\.md)/;

const findings = projectFiles(process.argv.slice(2))
  .filter((file) => !exempt.test(file))
  .flatMap((file) => checkLanguage(file, readFileSync(join(project, file), 'utf8')));
for (const { file, line, message } of findings) console.log(`${file}:${line}: ${message}`);
if (findings.length > 0) {
  console.log(`${findings.length} findings; docs/glossary.md defines the words of this project`);
  process.exitCode = 1;
}
