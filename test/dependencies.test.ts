import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';

import { preProcessFile } from 'typescript';

const root = join(__dirname, '..');

type Versions = Readonly<Record<string, string>>;

interface Manifest {
  readonly dependencies?: Versions;
  readonly devDependencies?: Versions;
  readonly peerDependencies?: Versions;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
}

/**
 * Packages that the TypeScript files of a folder import, types included; `without` are folders of
 * other rooms in it.
 */
function importedBy(folder: string, without: readonly string[] = []): readonly string[] {
  const packages = readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return without.includes(path) ? [] : importedBy(path, without);
    if (!entry.name.endsWith('.ts')) return [];
    return preProcessFile(readFileSync(join(root, path), 'utf8')).importedFiles.flatMap(
      ({ fileName }) =>
        fileName.startsWith('.') || isBuiltin(fileName) ? [] : packageOf(fileName),
    );
  });
  return [...new Set(packages)].sort();
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

const product = manifestOf('.');
const local = manifestOf('local');
const arena = manifestOf('sim/arena');
const arenaOnly = ['sim/arena'];

const runTime = [
  ...Object.keys(product.dependencies ?? {}),
  ...Object.keys(product.peerDependencies ?? {}),
];

const inLocal = Object.keys(local.dependencies ?? {});
const inArena = Object.keys(arena.dependencies ?? {});
/** The functions and the command are bundled, and tests run, in a clone, where all is installed. */
const inClone = [...runTime, ...Object.keys(product.devDependencies ?? {})];

test.each([
  ['lib', importedBy('lib'), runTime],
  ['lambdas/core, which lib imports,', importedBy('lambdas/core'), runTime],
  ['bin', importedBy('bin'), inClone],
  ['cli', importedBy('cli'), inClone],
  ['sim without the arena', importedBy('sim', arenaOnly), inClone],
  ['local', importedBy('local'), inLocal],
  ['sim/arena', importedBy('sim/arena'), inArena],
  ['lambdas', importedBy('lambdas'), inClone],
  ['test', importedBy('test'), [...inClone, ...inLocal, ...inArena]],
])('%s imports only packages that its package.json has for it', (_, imported, declared) => {
  expect(imported.length).toBeGreaterThan(0);
  const isDeclared = (name: string) =>
    declared.includes(name) || declared.includes(`@types/${name}`);
  expect(imported.filter((name) => !isDeclared(name))).toEqual([]);
});

/** Started as programs, not imported. */
const programs = ['aws-cdk', 'tsx'];

test.each([
  ['the product', runTime, ['lib', 'lambdas/core'].flatMap((room) => importedBy(room))],
  ['local', inLocal, importedBy('local')],
  ['the arena', inArena, importedBy('sim/arena')],
])('%s declares no dependency that nothing imports', (_, declared, imported) => {
  expect(declared.filter((name) => !imported.includes(name) && !programs.includes(name))).toEqual(
    [],
  );
});

test('a package that several rooms use has one version', () => {
  const found = new Map<string, Set<string>>();
  for (const { dependencies, devDependencies } of [product, local, arena])
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
      found.set(name, (found.get(name) ?? new Set()).add(version));
  expect([...found].filter(([, versions]) => versions.size > 1)).toEqual([]);
});
