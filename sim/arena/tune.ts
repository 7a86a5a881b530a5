import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clairvoyant, contestants as all } from './contestants';
import { bestOf, limitOf, sweep } from './tuning';
import { documentsDirectory, tunedFile } from './files';
import { scenarios } from './scenarios';

/**
 * Finds the best setting of each rival and of the clairvoyant per scenario, on seeds that are not scored, and tries ours for
 * its front: `tsx sim/arena/tune.ts [scenario…]`. Writes `sim/arena/tuned.json` (what the benchmark uses) and `docs/benchmark/sweeps.json` (all that was tried).
 */
const sweepsFile = join(documentsDirectory, 'sweeps.json');

const wanted = process.argv.slice(2);
for (const scenario of scenarios) {
  if (wanted.length > 0 && !wanted.includes(scenario.id)) continue;
  const startedAt = performance.now();
  const contestants = all.filter(({ sweep: settings }) => settings.length > 1);
  const points = sweep(scenario, contestants);
  const best = Object.fromEntries(
    contestants.flatMap((contestant) => {
      if (contestant.usesDefaults === true) return [];
      const limit = limitOf(contestant);
      const best = bestOf(points.get(contestant.name) ?? [], limit);
      // A yardstick that cannot keep its limit here is that of S1.
      const isUnfit = contestant === clairvoyant && (best?.overloadShare ?? 1) > limit;
      return best === undefined || isUnfit ? [] : [[contestant.name, best.settings]];
    }),
  );
  merge(tunedFile, scenario.id, best);
  merge(sweepsFile, scenario.id, Object.fromEntries(points));
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stderr.write(`${scenario.id}: ${seconds} s ${JSON.stringify(best)}\n`);
}

function merge(file: string, key: string, value: unknown): void {
  const known = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)
    : {};
  const merged = { ...known, [key]: value };
  const ordered = Object.fromEntries(
    scenarios.flatMap(({ id }) => (merged[id] === undefined ? [] : [[id, merged[id]]])),
  );
  writeFileSync(file, `${JSON.stringify(ordered, undefined, 1)}\n`);
}
