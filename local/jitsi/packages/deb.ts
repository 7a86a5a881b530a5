import { chmod, copyFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './programs';

/** One package: a template folder beside this file, and the program that the template does not hold. */
export interface PackageSource {
  /** Debian name, and name of the template folder. */
  readonly name: string;
  readonly version: string;
  /** Where the package puts its program, relative to the root. */
  readonly programPath: string;
  /** Writes the program to a file. */
  readonly buildProgram: (outfile: string) => Promise<void>;
}

/** Folder of a package's templates: `DEBIAN` (control files) and `files` (what it installs). */
export function templateFolder(name: string): string {
  return join(__dirname, name);
}

/** Builds `<name>_<version>_all.deb` into a directory; `program` is the built program. Returns the file's name. */
export async function buildDeb(
  source: PackageSource,
  program: string,
  directory: string,
): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), 'bridges-deb-'));
  try {
    // A clone's modes depend on the umask of whoever cloned; the package's must not.
    await cp(join(templateFolder(source.name), 'files'), tree, { recursive: true });
    await copyFile(program, join(tree, source.programPath));
    await cp(join(templateFolder(source.name), 'DEBIAN'), join(tree, 'DEBIAN'), {
      recursive: true,
    });
    await chmod(tree, 0o755);
    await run('chmod', ['-R', 'u=rwX,go=rX', tree]);
    for (const script of ['config', 'postinst', 'prerm', 'postrm']) {
      await chmod(join(tree, 'DEBIAN', script), 0o755);
    }
    for (const script of await shellScripts(tree)) await chmod(script, 0o755);
    const file = `${source.name}_${source.version}_all.deb`;
    await run('dpkg-deb', ['--root-owner-group', '-Zgzip', '--build', tree, join(directory, file)]);
    return file;
  } finally {
    await rm(tree, { recursive: true, force: true });
  }
}

async function shellScripts(tree: string): Promise<string[]> {
  const found = await run('find', [join(tree, 'usr'), '-name', '*.sh']);
  return found.split('\n').filter((line) => line !== '');
}
