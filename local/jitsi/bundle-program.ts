import { build } from 'esbuild';

/**
 * Bundles a program and all it imports into one executable CommonJS file for Debian bookworm's
 * Node (18).
 */
export async function bundleProgram(entryPoint: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node18',
    format: 'cjs',
    banner: { js: '#!/usr/bin/env node' },
    logLevel: 'warning',
  });
}
