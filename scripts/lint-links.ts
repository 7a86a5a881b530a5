import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { brokenLinks, type LinkTarget } from './language/links';
import { project, projectFiles } from './project-files';

/**
 * Part of `npm run lint`: every relative link in Markdown leads to a file, and to a heading in it.
 */
// What a generated page begins with has links as the page has them, which is checked itself.
const pages = projectFiles(['*.md']).filter((page) => !page.startsWith('scripts/generate/'));
const broken = pages.flatMap((page) =>
  brokenLinks(readFileSync(join(project, page), 'utf8'), (path) => targetOf(page, path)).map(
    (link) => `${page}: broken link ${link}`,
  ),
);
for (const line of broken) console.log(line);
if (broken.length > 0) process.exitCode = 1;

function targetOf(page: string, path: string): LinkTarget {
  const target = path === '' ? join(project, page) : join(project, dirname(page), path);
  if (!existsSync(target)) return { kind: 'missing' };
  if (!target.endsWith('.md')) return { kind: 'file' };
  return { kind: 'page', markdown: readFileSync(target, 'utf8') };
}
