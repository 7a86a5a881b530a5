/**
 * `npm run build`: makes `dist/`, which is what the package is, out of the sources: `lib/` and the
 * parts of `lambdas/core/` that it needs as JavaScript with declarations, each Lambda function
 * bundled, the command line bundled, and the scripts for the machines.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { bundleCommand } from './bundle-command.cjs';
import { bundleFunction } from './bundle-function';
import { thirdPartyLicenses } from './third-party-licenses';

const root = resolve(__dirname, '../..');
const dist = join(root, 'dist');

/**
 * Beside its place, and renamed when it is whole: a command of this clone may be running from
 * there.
 */
function build(): void {
  const building = `${dist}.new.${process.pid}`;
  const old = `${dist}.old.${process.pid}`;
  buildInto(building);
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(building, dist);
  rmSync(old, { recursive: true, force: true });
}

function buildInto(folder: string): void {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const project = join(__dirname, 'tsconfig.json');
  execFileSync(process.execPath, [compiler, '-p', project, '--outDir', folder], {
    // Standard output is `npm pack`'s, which may be asked for JSON.
    stdio: ['ignore', process.stderr, process.stderr],
  });
  const bundles = [
    bundleCommand(join(folder, 'bin')),
    ...functionNames().map((name) => bundleFunction(name, join(folder, 'lambdas', name))),
  ];
  const inputs = bundles.flatMap((bundle) => Object.keys(bundle.inputs));
  writeFileSync(join(folder, 'THIRD_PARTY_LICENSES'), thirdPartyLicenses(inputs));
  cpSync(join(root, 'userdata'), join(folder, 'userdata'), {
    recursive: true,
    filter: (source) => !source.endsWith('.md'),
  });
}

/** Folders below `lambdas/` that are a function. */
function functionNames(): readonly string[] {
  return readdirSync(join(root, 'lambdas')).filter((name) =>
    existsSync(join(root, 'lambdas', name, 'handler.ts')),
  );
}

build();
