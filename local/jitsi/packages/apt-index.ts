import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './programs';

/**
 * Index of a flat apt repository, as `deb <url> <suite>` reads it when the suite ends in a slash
 * (https://wiki.debian.org/DebianRepository/Format#Flat_Repository_Format).
 */

/** Writes `Packages` for the package files of one suite's directory. */
export async function writePackages(directory: string, debs: readonly string[]): Promise<void> {
  const entries: string[] = [];
  for (const deb of debs) {
    const control = await run('dpkg-deb', ['--field', join(directory, deb)]);
    const content = await readFile(join(directory, deb));
    entries.push(
      `${control.trimEnd()}\nFilename: stable/${deb}\nSize: ${content.length}\nSHA256: ${sha256(content)}\n`,
    );
  }
  await writeFile(join(directory, 'Packages'), entries.join('\n'));
}

/** Writes `Release`, which holds the sum of `Packages`; `at` is its date. */
export async function writeRelease(directory: string, at: Date): Promise<void> {
  const packages = await readFile(join(directory, 'Packages'));
  const lines = [
    'Origin: embedded cloud',
    'Label: Stand-ins for Jitsi packages',
    'Suite: stable',
    `Date: ${at.toUTCString().replace('GMT', '+0000')}`,
    'Architectures: all',
    'SHA256:',
    ` ${sha256(packages)} ${packages.length} Packages`,
  ];
  await writeFile(join(directory, 'Release'), `${lines.join('\n')}\n`);
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
