import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/**
 * Files that the arena reads. The benchmark's workers run bundled, with the place of this file as
 * their `__dirname`.
 */
export const taxiFile = join(__dirname, 'data', 'nyc_taxi.csv');
export const tunedFile = join(__dirname, 'tuned.json');

/** What people read: tables and plots, and the figures that the gate compares with. */
export const documentsDirectory = join(root, 'docs', 'benchmark');

/**
 * All figures of the last `--full` run and all settings that were tried, as JSON; Git ignores it.
 */
export const artefactsDirectory = join(root, '.local', 'benchmark');
