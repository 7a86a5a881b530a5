import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

import { buildSync, type Metafile } from 'esbuild';

const root = resolve(__dirname, '../..');

/**
 * Bundles one Lambda function into a folder: `index.js`, which exports `handler`, and its source
 * map. The same bytes wherever the folder is, since paths in the source map are those of
 * `dist/lambdas/<name>`: a deployment from a clone and one from the package are the same
 * deployment.
 *
 * @param name folder below `lambdas/` that has a `handler.ts`
 * @returns what went into the bundle
 */
export function bundleFunction(name: string, folder: string): Metafile {
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [`lambdas/${name}/handler.ts`],
    outfile: `dist/lambdas/${name}/index.js`,
    bundle: true,
    platform: 'node',
    // Everything is in the bundle, the SDK too: what runs is what was tested.
    target: 'node20',
    // ES modules where a package has them: of the SDK only what is used goes into the bundle.
    mainFields: ['module', 'main'],
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of outputFiles)
    writeFileSync(join(folder, basename(path)), contents);
  return metafile;
}
