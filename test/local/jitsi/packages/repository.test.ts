import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PackageSource } from '../../../../local/jitsi/packages/deb';
import {
  buildRepository,
  packageSources,
  type Repository,
} from '../../../../local/jitsi/packages/repository';

/** The real packages around a program of a test's own. */
function sourcesWith(program: string): PackageSource[] {
  return packageSources.map((source) => ({
    ...source,
    ...(source.program === undefined
      ? {}
      : {
          program: {
            ...source.program,
            build: (outfile: string) => writeFile(outfile, program),
          },
        }),
  }));
}

describe('repository', () => {
  const cache = mkdtempSync(join(tmpdir(), 'bridges-repository-'));
  let repository: Repository;

  beforeAll(async () => {
    repository = await buildRepository(cache, sourcesWith('console.log(1)'));
  });

  afterAll(() => rmSync(cache, { recursive: true }));

  const read = (file: string) => readFileSync(join(repository.directory, file));
  const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');
  const deb = (name: string) => join(repository.directory, 'stable', name);
  const control = (file: string, field: string) =>
    execFileSync('dpkg-deb', ['--field', deb(file), field], { encoding: 'utf8' }).trim();
  const content = (file: string) =>
    execFileSync('dpkg-deb', ['--contents', deb(file)], { encoding: 'utf8' });

  test('has the packages under the names and versions of the real ones', () => {
    for (const { name, version } of packageSources) {
      expect(control(`${name}_${version}_all.deb`, 'Package')).toBe(name);
      expect(control(`${name}_${version}_all.deb`, 'Version')).toBe(version);
    }
  });

  test('its index tells the sums of the packages, and Release that of the index', () => {
    const packages = read('stable/Packages').toString();
    for (const { name, version } of packageSources) {
      const file = `${name}_${version}_all.deb`;
      expect(packages).toContain(`Filename: stable/${file}\n`);
      expect(packages).toContain(`SHA256: ${sha256(readFileSync(deb(file)))}\n`);
    }
    const index = read('stable/Packages');
    expect(read('stable/Release').toString()).toMatch(
      new RegExp(`^ ${sha256(index)} +${index.length} Packages$`, 'm'),
    );
  });

  test.each([
    ['InRelease', ['stable/InRelease']],
    ['Release.gpg', ['stable/Release.gpg', 'stable/Release']],
  ])('%s is signed by the key it serves', (_, files) => {
    const home = mkdtempSync(join(tmpdir(), 'bridges-verify-'));
    try {
      const gpg = (...args: string[]) =>
        execFileSync('gpg', ['--homedir', home, '--batch', '--status-fd', '1', ...args], {
          encoding: 'utf8',
          stdio: ['ignore', 'pipe', 'ignore'],
        });
      gpg('--import', repository.keyFile);
      const paths = files.map((file) => join(repository.directory, file));
      expect(gpg('--verify', ...paths)).toContain(`VALIDSIG ${repository.fingerprint}`);
    } finally {
      rmSync(home, { recursive: true });
    }
  });

  test('the program and its start script are where the unit looks for them, and root owns all', () => {
    const listing = content('jitsi-videobridge_1126-1_all.deb');
    expect(listing).toMatch(
      /^-rwxr-xr-x root\/root .* \.\/usr\/share\/jitsi-videobridge\/jvb\.sh$/m,
    );
    expect(listing).toMatch(
      /^-rw-r--r-- root\/root .* \.\/usr\/share\/jitsi-videobridge\/jvb\.js$/m,
    );
    expect(listing).toMatch(/ \.\/lib\/systemd\/system\/jitsi-videobridge\.service$/m);
    for (const version of ['1.0-567-1', '1.0-1195-1']) {
      expect(content(`jicofo_${version}_all.deb`)).toMatch(/ \.\/usr\/share\/jicofo\/jicofo\.js$/m);
    }
    const today = content('jitsi-videobridge2_2.3-307-g4bb0aead1-1_all.deb');
    expect(today).toMatch(/ \.\/lib\/systemd\/system\/jitsi-videobridge2\.service$/m);
    const java = content('openjdk-17-jre-headless_17.0.0-0local_all.deb');
    expect(java).toMatch(/^-rwxr-xr-x root\/root .* \.\/usr\/bin\/keytool$/m);
  });

  test('the same content is not built again', async () => {
    const before = statSync(repository.keyFile).mtimeMs;
    const again = await buildRepository(cache, sourcesWith('console.log(1)'));
    expect(again).toEqual(repository);
    expect(statSync(again.keyFile).mtimeMs).toBe(before);
  });

  test('two that build the same at once agree on one', async () => {
    const sources = sourcesWith('console.log(3)');
    const [one, other] = await Promise.all([
      buildRepository(cache, sources),
      buildRepository(cache, sources),
    ]);
    expect(other).toEqual(one);
  });

  test('another program makes another repository, and nothing half-built is left', async () => {
    const other = await buildRepository(cache, sourcesWith('console.log(2)'));
    expect(other.directory).not.toBe(repository.directory);
    expect((await readdir(cache)).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
