import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { scenarioOf, type Job } from './job';
import { runJobs } from './pool';
import { judge, type GateFigures } from './regression';
import { summarize } from './summary';
import { documentsDirectory } from './files';

/**
 * Fails when the decision has become worse: `tsx sim/arena/gate.ts`. `--update` writes what it
 * finds to `docs/benchmark/gate.json`, which later runs are compared with.
 */
const committedFile = join(documentsDirectory, 'gate.json');
const ids = ['S1', 'S2', 'S9'] as const;
const seeds = [1, 2, 3, 4, 5] as const;

async function main(isUpdate: boolean): Promise<void> {
  const jobs = ids.flatMap((id) =>
    seeds.map((seed): Job => ({
      source: { id },
      seed,
      names: ['clairvoyant', 'ours'],
      controllerFiles: [],
    })),
  );
  const results = await runJobs(jobs, availableParallelism());
  const figures: Record<string, GateFigures> = {};
  for (const id of ids) {
    const own = results.filter(({ job }) => 'id' in job.source && job.source.id === id);
    const ours = summarize(scenarioOf({ id }), own).controllers.find(({ name }) => name === 'ours');
    if (ours === undefined) throw new Error(`no result of ours in ${id}`);
    const { forcedDisconnects, overloadShare, bridgeHoursOverClairvoyant } = ours;
    figures[id] = { forcedDisconnects, overloadShare, bridgeHoursOverClairvoyant };
  }
  if (isUpdate) {
    writeFileSync(committedFile, `${JSON.stringify(figures, undefined, 1)}\n`);
    process.stdout.write(`written to ${committedFile}\n`);
  }
  const committed = existsSync(committedFile)
    ? (JSON.parse(readFileSync(committedFile, 'utf8')) as Record<string, GateFigures>)
    : {};
  const problems = ids.flatMap((id) => {
    const found = figures[id];
    return found === undefined ? [] : judge(id, found, committed[id]);
  });
  for (const id of ids) process.stdout.write(`${id}: ${JSON.stringify(figures[id])}\n`);
  for (const problem of problems) process.stderr.write(`gate: ${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

void main(process.argv.includes('--update'));
