import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildJicofo } from '../jicofo/build';
import { buildVideobridge } from '../videobridge/build';
import { buildVideobridge2 } from '../videobridge2/build';
import { writeIndex } from './apt-index';
import { buildDeb, templateFolder, type PackageSource } from './deb';
import { signRelease } from './signing-key';

/**
 * The packages that the embedded cloud installs from its own repository, those of 2019 and those
 * of today.
 */
export const packageSources: readonly PackageSource[] = [
  {
    name: 'jitsi-videobridge',
    version: '1126-1',
    template: 'jitsi-videobridge',
    program: { path: 'usr/share/jitsi-videobridge/jvb.js', build: buildVideobridge },
  },
  {
    name: 'jicofo',
    version: '1.0-567-1',
    template: 'jicofo',
    program: { path: 'usr/share/jicofo/jicofo.js', build: buildJicofo },
  },
  {
    name: 'jitsi-videobridge2',
    version: '2.3-307-g4bb0aead1-1',
    template: 'jitsi-videobridge2',
    program: { path: 'usr/share/jitsi-videobridge/jvb.js', build: buildVideobridge2 },
  },
  {
    name: 'jicofo',
    version: '1.0-1195-1',
    template: 'jicofo-today',
    program: { path: 'usr/share/jicofo/jicofo.js', build: buildJicofo },
  },
  {
    name: 'openjdk-17-jre-headless',
    version: '17.0.0-0local',
    template: 'openjdk-17-jre-headless',
  },
];

/** A signed flat repository on disk: `deb [signed-by=…] <url> stable/`. */
export interface Repository {
  /** What to serve as the root: holds `jitsi-key.gpg.key` and `stable/`. */
  readonly directory: string;
  /**
   * Armoured public key, `<directory>/jitsi-key.gpg.key`, where Jitsi's own server has its key
   * too.
   */
  readonly keyFile: string;
  /** 40 hex digits. */
  readonly fingerprint: string;
}

/**
 * Builds the repository below a cache directory, or finds it there: its folder is named by the
 * hash of all that goes into it. Needs `dpkg-deb`, `apt-ftparchive` and `gpg`.
 */
export async function buildRepository(
  cacheDirectory: string,
  sources: readonly PackageSource[] = packageSources,
): Promise<Repository> {
  const scratch = await mkdtemp(join(tmpdir(), 'bridges-apt-'));
  try {
    for (const source of sources) await source.program?.build(programOf(scratch, source));
    const directory = join(cacheDirectory, await contentHash(scratch, sources));
    const known = await readRepository(directory);
    if (known !== undefined) return known;

    await mkdir(cacheDirectory, { recursive: true });
    const staging = await mkdtemp(join(cacheDirectory, '.building-'));
    try {
      await fill(staging, scratch, sources);
      await chmod(staging, 0o755);
      // Fails when another process has built the same in the meantime; its work is as good as ours.
      await rename(staging, directory).catch(ignoreExisting);
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
    const built = await readRepository(directory);
    if (built === undefined) throw new Error(`${directory} has no fingerprint after building`);
    return built;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}

function programOf(scratch: string, source: PackageSource): string {
  return join(scratch, `${source.template}.js`);
}

async function fill(
  directory: string,
  scratch: string,
  sources: readonly PackageSource[],
): Promise<void> {
  const suite = join(directory, 'stable');
  await mkdir(suite);
  for (const source of sources) await buildDeb(source, programOf(scratch, source), suite);
  await writeIndex(directory, 'stable');
  const keyFile = join(directory, 'jitsi-key.gpg.key');
  const fingerprint = await signRelease({ suiteDirectory: suite, keyFile });
  await writeFile(join(directory, 'fingerprint'), fingerprint);
}

async function readRepository(directory: string): Promise<Repository | undefined> {
  try {
    const fingerprint = await readFile(join(directory, 'fingerprint'), 'utf8');
    return { directory, keyFile: join(directory, 'jitsi-key.gpg.key'), fingerprint };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Hash over the programs, the templates, and the code that makes packages of them. */
async function contentHash(scratch: string, sources: readonly PackageSource[]): Promise<string> {
  const hash = createHash('sha256');
  const files = [
    ...sources.flatMap((source) =>
      source.program === undefined ? [] : [programOf(scratch, source)],
    ),
    ...(await filesBelow(sources.map(({ template }) => templateFolder(template)))),
    ...(await readdir(__dirname))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(__dirname, name)),
  ];
  for (const file of files) {
    const content = await readFile(file);
    hash.update(`${file.replace(scratch, '').replace(__dirname, '')}\n${content.length}\n`);
    hash.update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesBelow(folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    for (const entry of entries) if (entry.isFile()) found.push(join(entry.parentPath, entry.name));
  }
  return found.sort();
}
