import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './programs';

/** What `Release` says of the repository. */
const release = {
  Origin: 'embedded cloud',
  Label: 'Stand-ins for Jitsi packages',
  Suite: 'stable',
  Architectures: 'all',
} as const;

/**
 * Writes `Packages` and `Release` of a flat apt repository, as `deb <url> <suite>/` reads it: the
 * folder `suite` below `directory` holds the packages.
 */
export async function writeIndex(directory: string, suite: string): Promise<void> {
  // Below the root, since the names of files in the index are relative to it.
  const archive = (...args: string[]): Promise<string> =>
    run('apt-ftparchive', args, { directory });
  await writeFile(join(directory, suite, 'Packages'), await archive('packages', suite));
  const fields = Object.entries(release).flatMap(([name, value]) => [
    '-o',
    `APT::FTPArchive::Release::${name}=${value}`,
  ]);
  await writeFile(join(directory, suite, 'Release'), await archive(...fields, 'release', suite));
}
