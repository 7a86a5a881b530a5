import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

/** The root folder of the project. */
export const project = join(__dirname, '..');

/** Paths of the project's files, tracked or new, that match Git's patterns; all without one. */
export function projectFiles(patterns: readonly string[]): readonly string[] {
  const safe = ['-c', `safe.directory=${project}`];
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--'];
  return execFileSync('git', [...safe, ...list, ...patterns], { cwd: project, encoding: 'utf8' })
    .split('\0')
    .filter((file) => file !== '' && isFile(join(project, file)));
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
