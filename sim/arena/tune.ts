import { availableParallelism } from 'node:os';
import { clairvoyant, contestants, type Settings } from './contestants';
import { tunedFile } from './files';
import { runSweeps } from './pool';
import { scenarios } from './scenarios';
import { keepSweep, mergeInto } from './sweeps';
import { bestOf, limitOf, type Sweep } from './tuning';

/**
 * Finds the best setting of each rival and of the clairvoyant per scenario, on seeds that are not
 * scored, and tries ours for its front: `tsx sim/arena/tune.ts [scenario…]`. Writes
 * `sim/arena/tuned.json` (what the benchmark uses) and `.local/benchmark/sweeps.json` (all that
 * was tried).
 */
const wanted = process.argv.slice(2);
const ids = scenarios
  .map(({ id }) => id)
  .filter((id) => wanted.length === 0 || wanted.includes(id));
const startedAt = performance.now();
void runSweeps(ids, availableParallelism(), (id, sweep) => {
  const best = bestIn(sweep);
  mergeInto(tunedFile, id, best);
  keepSweep(id, sweep);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stderr.write(`${id}: after ${seconds} s ${JSON.stringify(best)}\n`);
});

/** The best settings of those that do not run with their defaults. */
function bestIn(sweep: Sweep): Record<string, Settings> {
  return Object.fromEntries(
    contestants.flatMap((contestant) => {
      if (contestant.usesDefaults === true) return [];
      const limit = limitOf(contestant);
      const best = bestOf(sweep[contestant.name] ?? [], limit);
      // A yardstick that cannot keep its limit here is that of S1.
      const isUnfit = contestant === clairvoyant && (best?.overloadShare ?? 1) > limit;
      return best === undefined || isUnfit ? [] : [[contestant.name, best.settings]];
    }),
  );
}
