import { chmod, copyFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './programs';

/**
 * One package: a template folder beside this file, and the program that the template does not
 * hold.
 */
export interface PackageSource {
  /** Debian name. */
  readonly name: string;
  readonly version: string;
  /** Name of the template folder. */
  readonly template: string;
  /**
   * Program that is built, and where the package puts it, relative to the root; none when scripts
   * are all.
   */
  readonly program?: {
    readonly path: string;
    /** Writes the program to a file. */
    readonly build: (outfile: string) => Promise<void>;
  };
}

/** Folder of a package's templates: `DEBIAN` (control files) and `files` (what it installs). */
export function templateFolder(template: string): string {
  return join(__dirname, template);
}

/**
 * Builds `<name>_<version>_all.deb` into a directory; `program` is the built program, if it has
 * one.
 */
export async function buildDeb(
  source: PackageSource,
  program: string,
  directory: string,
): Promise<void> {
  const tree = await mkdtemp(join(tmpdir(), 'bridges-deb-'));
  try {
    // A clone's modes depend on the umask of whoever cloned; the package's must not.
    const template = templateFolder(source.template);
    await cp(join(template, 'files'), tree, { recursive: true });
    if (source.program !== undefined) await copyFile(program, join(tree, source.program.path));
    await cp(join(template, 'DEBIAN'), join(tree, 'DEBIAN'), { recursive: true });
    await chmod(tree, 0o755);
    await run('chmod', ['-R', 'u=rwX,go=rX', tree]);
    for (const script of await scripts(tree)) await chmod(script, 0o755);
    const file = `${source.name}_${source.version}_all.deb`;
    await run('dpkg-deb', ['--root-owner-group', '-Zgzip', '--build', tree, join(directory, file)]);
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

/**
 * What is started by its name: the package's own scripts, those of its programs, and all that lies
 * in `bin`.
 */
async function scripts(tree: string): Promise<string[]> {
  const found = await run('find', [
    tree,
    '-type',
    'f',
    ...['(', '-name', '*.sh', '-o', '-path', '*/bin/*'],
    ...['-o', '-path', '*/DEBIAN/*', '(', '-name', 'config', '-o', '-name', '*inst'],
    ...['-o', '-name', '*rm', ')', ')'],
  ]);
  return found.split('\n').filter((line) => line !== '');
}
