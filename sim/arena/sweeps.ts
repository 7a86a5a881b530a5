import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { artefactsDirectory } from './files';
import { scenarios } from './scenarios';
import type { Sweep } from './tuning';

/**
 * Everything that was tried to find each rival's best setting, by scenario: made by `--full` runs
 * and by `tune.ts`.
 */
const sweepsFile = join(artefactsDirectory, 'sweeps.json');

/** Empty where nothing was tried on this machine. */
export function sweepOf(scenarioId: string): Sweep {
  return (entriesOf(sweepsFile)[scenarioId] ?? {}) as Sweep;
}

export function keepSweep(scenarioId: string, sweep: Sweep): void {
  mergeInto(sweepsFile, scenarioId, sweep);
}

/** Replaces what a JSON file has for one scenario; they stand in it in their usual order. */
export function mergeInto(file: string, scenarioId: string, value: unknown): void {
  const merged = { ...entriesOf(file), [scenarioId]: value };
  const ordered = Object.fromEntries(
    scenarios.flatMap(({ id }) => (merged[id] === undefined ? [] : [[id, merged[id]]])),
  );
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(ordered, undefined, 1)}\n`);
}

function entriesOf(file: string): Readonly<Record<string, unknown>> {
  if (!existsSync(file)) return {};
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}
