import { join } from 'node:path';

/** Files that the arena reads. The benchmark's workers run bundled, with the place of this file as their `__dirname`. */
export const taxiFile = join(__dirname, 'data', 'nyc_taxi.csv');
export const tunedFile = join(__dirname, 'tuned.json');
export const documentsDirectory = join(__dirname, '..', '..', 'docs', 'benchmark');
