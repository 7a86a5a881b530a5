import type { Metafile } from 'esbuild';

/** Bundles the command line into a folder. Returns what went into the bundle. */
export function bundleCommand(folder: string): Metafile;

/** The bundle of a clone, made anew when a source has changed since. Returns the path of the module that exports `run`. */
export function freshCommand(): string;
