import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { contestants } from './contestants';
import { JobError, nameOfModule, scenarioOf, type Job, type ScenarioSource } from './job';
import { runJobs, runSweeps } from './pool';
import { plottedScenarios, writeReport, type ReportDirectories } from './report';
import { sensitivityJobs, summarizeSensitivity } from './sensitivity';
import { summarize, type ScenarioSummary } from './summary';
import { keepSweep } from './sweeps';
import { checkTargets } from './targets';
import { scenarioTable, targetTable } from './tables';
import { timeDecide } from './timing';
import { artefactsDirectory, documentsDirectory } from './files';
import { scenarios } from './scenarios';

/**
 * `npm run bench`: every controller in every scenario, the same seeds for all; README.md tells how
 * to read the results.
 */
interface Options {
  readonly full?: boolean;
  readonly scenario?: readonly string[];
  readonly seeds?: readonly number[];
  readonly controller: readonly string[];
  readonly only?: readonly string[];
  readonly trace?: string;
  readonly peak: number;
  readonly json?: boolean;
  readonly out?: string;
  readonly processes: number;
}

const quickSeeds = 5;
const fullSeeds = 20;

const list = (text: string) => text.split(',').map((item) => item.trim());

/** `5` = 1 to 5, `3-7`, `1,4,9`. */
function parseSeeds(text: string): readonly number[] {
  const range = /^(\d+)-(\d+)$/.exec(text);
  const [from, to] = range === null ? [1, Number(text)] : [Number(range[1]), Number(range[2])];
  const seeds = text.includes(',')
    ? list(text).map(Number)
    : Array.from({ length: Math.max(0, to - from + 1) || 0 }, (_, index) => from + index);
  if (seeds.length === 0 || !seeds.every((seed) => Number.isSafeInteger(seed) && seed > 0))
    throw new InvalidArgumentError('give a number of seeds, a range like 3-7 or a list like 1,4,9');
  return seeds;
}

function parsePositive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || value > 1e6) throw new InvalidArgumentError('must be a positive number');
  return value;
}

function parseFile(file: string): string {
  if (!existsSync(file)) throw new InvalidArgumentError('there is no such file');
  return file;
}

function parseNames(text: string): readonly string[] {
  const known = contestants.map(({ name }) => name);
  const unknown = list(text).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`no controller '${unknown}'; there are ${known.join(', ')}`);
  return list(text);
}

function parseScenarios(text: string): readonly string[] {
  const known = scenarios.map(({ id }) => id);
  const unknown = list(text).find((id) => !known.some((name) => matches(name, id)));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`no scenario '${unknown}'; there are ${known.join(', ')}`);
  return known.filter((name) => list(text).some((id) => matches(name, id)));
}

/** `S10` means S10-45 and S10-300. */
function matches(name: string, wanted: string): boolean {
  return name === wanted || name.startsWith(`${wanted}-`);
}

function readOptions(): Options {
  return new Command('bench')
    .description('Runs our decision and its rivals through simulated weeks.')
    .option(
      '--full',
      `all figures with ${fullSeeds} seeds; writes docs/benchmark, and JSON to .local/benchmark`,
    )
    .option('--scenario <ids>', 'only these, like S1,S9', parseScenarios)
    .option('--seeds <n>', `how many, or which (default ${quickSeeds})`, parseSeeds)
    .option(
      '--controller <file>',
      'a module that exports createController, to run as well; may be given again',
      (file: string, files: readonly string[]) => [...files, parseFile(file)],
      [],
    )
    .option('--only <names>', 'only these controllers (the clairvoyant always runs)', parseNames)
    .option('--trace <file>', 'CSV of timestamp,value as envelope of arrivals', parseFile)
    .option(
      '--peak <participants>',
      'mean daily peak that a trace is scaled to',
      parsePositive,
      1800,
    )
    .option('--json', 'print one JSON object instead of tables')
    .option('--out <directory>', 'write results.json, README.md and the plots there')
    .option('--processes <n>', 'worker processes', parsePositive, availableParallelism())
    .parse()
    .opts<Options>();
}

function sourcesOf({ trace, peak, scenario }: Options): readonly ScenarioSource[] {
  if (trace !== undefined) return [{ traceFile: trace, peakParticipants: peak }];
  return (scenario ?? scenarios.map(({ id }) => id)).map((id) => ({ id }));
}

function directoriesOf({ out, full }: Options): ReportDirectories | undefined {
  if (out !== undefined) return { documents: out, figures: out };
  return full === true ? { documents: documentsDirectory, figures: artefactsDirectory } : undefined;
}

async function main(options: Options): Promise<void> {
  const seeds = options.seeds ?? parseSeeds(String(options.full === true ? fullSeeds : quickSeeds));
  const names = contestants
    .map(({ name }) => name)
    .filter((name) => name === 'clairvoyant' || (options.only ?? [name]).includes(name));
  const taken = options.controller.map(nameOfModule).find((name) => names.includes(name));
  if (taken !== undefined) throw new JobError(`a controller is called '${taken}' already`);
  const sources = sourcesOf(options);
  const jobs = sources.flatMap((source) =>
    seeds.map((seed): Job => ({ source, seed, names, controllerFiles: options.controller })),
  );
  const extra = options.full === true ? sensitivityJobs() : [];
  const startedAt = performance.now();
  const elapsed = () => Math.round((performance.now() - startedAt) / 1000);
  const total = jobs.length + extra.length;
  const results = await runJobs([...jobs, ...extra], options.processes, (done) =>
    process.stderr.write(`\r${done} of ${total} worlds, ${elapsed()} s `),
  );
  process.stderr.write('\n');
  const summaries = sources.map((source, index) =>
    summarize(scenarioOf(source), results.slice(index * seeds.length, (index + 1) * seeds.length)),
  );
  const directories = directoriesOf(options);
  const wantsTiming = options.only === undefined || options.only.includes('ours');
  const timing = wantsTiming
    ? {
        at500Milliseconds: timeDecide(500, 100, () => performance.now()),
        at2000Milliseconds: timeDecide(2000, 30, () => performance.now()),
      }
    : undefined;
  if (options.full === true) {
    const plotted = summaries
      .map(({ scenario }) => scenario)
      .filter((id) => plottedScenarios.includes(id));
    await runSweeps(plotted, options.processes, (id, sweep) => {
      keepSweep(id, sweep);
      process.stderr.write(`settings tried in ${id}, ${elapsed()} s\n`);
    });
  }
  if (directories !== undefined) {
    const sensitivity = summarizeSensitivity(results.slice(jobs.length));
    writeReport(directories, {
      summaries,
      ...(timing === undefined ? {} : { timing }),
      sensitivity,
    });
    process.stderr.write(`written to ${Object.values(directories).join(' and ')}\n`);
  }
  print(options, summaries, timing);
  process.stderr.write(`done in ${elapsed()} s\n`);
}

function print(
  options: Options,
  summaries: readonly ScenarioSummary[],
  timing: Parameters<typeof checkTargets>[1],
): void {
  if (options.json === true) {
    const [only] = summaries;
    const printed = summaries.length === 1 && only !== undefined ? only : { scenarios: summaries };
    process.stdout.write(`${JSON.stringify(printed)}\n`);
    return;
  }
  for (const summary of summaries)
    process.stdout.write(
      `\n${summary.scenario}: ${summary.title}; ${summary.seeds} seeds, peak ${Math.round(summary.peakParticipants)}, ` +
        `fluid bound ${Math.round(summary.fluidBoundHours)} h\n\n${scenarioTable(summary)}\n`,
    );
  const targets = checkTargets(summaries, timing);
  if (targets.length > 0) process.stdout.write(`\nTargets\n\n${targetTable(targets)}\n`);
}

main(readOptions()).catch((error: unknown) => {
  if (!(error instanceof Error)) throw error;
  const isExpected = error instanceof JobError || error.name === 'TraceError';
  process.stderr.write(`bench: ${isExpected ? error.message : (error.stack ?? error.message)}\n`);
  process.exitCode = 1;
});
