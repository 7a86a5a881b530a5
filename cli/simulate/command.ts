import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { type Command, InvalidArgumentError, Option } from 'commander';

import { mostWeeks } from '../../sim/replay/series';
import { chart, wholeOf } from './chart';
import { page } from './page';
import { publishedPrice, type Price } from './prices';
import { readCloudWatch } from './read-cloud-watch';
import { readTrace, units, type Unit } from './read-trace';
import { renderTable } from './render-table';
import type { Simulation } from './report';
import { parseSetting, withSettings, type Setting } from './settings';
import { simulate, type SimulatedFleet, type SimulationInput } from './simulate';
import { WrongInput } from './wrong-input';

export interface SimulationPorts {
  /**
   * The config file, changed and checked.
   * @throws an error named ConfigError that says what is wrong
   */
  readonly readConfig: (file: string, change: (content: unknown) => unknown) => SimulatedFleet;
  readonly cloudWatch: (region: string | undefined) => CloudWatchClient;
  /** Epoch seconds. */
  readonly now: () => number;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
}

interface Options {
  readonly config: string;
  readonly set: readonly Setting[];
  readonly trace?: string;
  readonly actual?: string;
  readonly unit?: Unit;
  readonly peak?: number;
  readonly weeks: number;
  readonly seeds: number;
  readonly price?: number;
  readonly boot: number;
  readonly out?: string;
  readonly html?: string;
  readonly json?: boolean;
  readonly fleet?: string;
}

const learnedAndScoredWeeks = 3;

/** Adds `bridges simulate`: the operator's own what-if. */
export function addSimulateCommand(program: Command, ports: SimulationPorts): void {
  program
    .command('simulate')
    .description(
      "replay the fleet's past under its policy or a changed one: bridge-hours, cost, overload",
    )
    .option('--config <file>', 'config file of the fleet', 'bridges.yaml')
    .option(
      '--set <key=value>',
      'change a key of the policy, for example policy.targetStress=0.7; repeatable',
      (text: string, settings: readonly Setting[]) => [...settings, settingOf(text)],
      [],
    )
    .option('--trace <file>', 'CSV of timestamp,value[,bridges] instead of CloudWatch')
    .option(
      '--actual <file>',
      'CSV of timestamp,bridges: the bridges that really ran, with --trace',
    )
    .addOption(new Option('--unit <unit>', 'unit of the values in the trace').choices(units))
    .option(
      '--peak <participants>',
      'scale the trace to daily peaks of this many participants',
      positive,
    )
    .option(
      '--weeks <n>',
      `weeks to read, at most ${mostWeeks}; the last week is scored`,
      wholeUpTo(mostWeeks),
      learnedAndScoredWeeks,
    )
    .option('--seeds <n>', 'number of simulation runs', wholeUpTo(50), 3)
    .option('--price <dollars>', 'price of one bridge-hour (default: published price)', positive)
    .option('--boot <seconds>', 'median time from launch to first report', positive, 120)
    .option('--html <file>', 'write a page with table and plots to this file')
    .option('--out <directory>', 'write page, plot and JSON to this directory')
    .action(async (_, command: Command) => {
      try {
        await run(command.optsWithGlobals<Options>(), command, ports);
      } catch (error) {
        if (!isWrongInput(error)) throw error;
        command.error(`bridges: ${error.message}`, { exitCode: 2 });
      }
    });
}

/** Errors that the operator's input causes; ConfigError is of the config's own reader. */
function isWrongInput(error: unknown): error is Error {
  return error instanceof Error && ['WrongInput', 'ConfigError'].includes(error.name);
}

async function run(options: Options, command: Command, ports: SimulationPorts): Promise<void> {
  checkTargets(options);
  const input = await inputOf(options, command, ports);
  const simulation = simulate(input, progress(ports));
  writeFiles(options, simulation);
  ports.write(
    options.json === true
      ? `${JSON.stringify(simulation.report)}\n`
      : renderTable(simulation.report),
  );
}

async function inputOf(
  options: Options,
  command: Command,
  { readConfig, cloudWatch, now }: SimulationPorts,
): Promise<SimulationInput> {
  const fleet = readConfig(options.config, (content) => content);
  if (options.fleet !== undefined && options.fleet !== fleet.fleet)
    throw new WrongInput(`${options.config} is for fleet ${fleet.fleet}, not ${options.fleet}`);
  const changed = changedOf(options, readConfig);
  const price = priceOf(options, fleet);
  const common = {
    fleet,
    ...(changed === undefined ? {} : { changed }),
    configFile: options.config,
    price,
    bootMedianSeconds: options.boot,
    seeds: options.seeds,
  };
  const { trace } = options;
  if (trace === undefined) {
    const traceOnly = (['actual', 'unit', 'peak'] as const).find(
      (key) => options[key] !== undefined,
    );
    if (traceOnly !== undefined) throw new WrongInput(`--${traceOnly} needs --trace`);
    const read = { fleet: fleet.fleet, weeks: options.weeks, now: now() };
    const { recording, isStressMeasured } = await readCloudWatch(cloudWatch(fleet.region), read);
    const percent = (100 * recording.stressPerParticipant).toFixed(2);
    const note = `A participant is ${percent} % of a bridge: ${isStressMeasured ? 'load divided by participants over the whole time' : 'assumed, since no participants are recorded'}.`;
    return { ...common, recording, source: 'from CloudWatch', notes: [note] };
  }
  // All of a file counts unless asked otherwise; CloudWatch is asked for what is needed.
  const isAsked = command.getOptionValueSource('weeks') !== 'default';
  const weeks = isAsked ? options.weeks : mostWeeks;
  const { recording, unitNote } = readTrace({ ...options, trace }, fleet.policy, weeks);
  return { ...common, recording, source: `from ${trace}`, notes: [`Trace: ${unitNote}.`] };
}

function changedOf(
  { config, set }: Options,
  readConfig: SimulationPorts['readConfig'],
): SimulationInput['changed'] {
  if (set.length === 0) return undefined;
  const { policy } = readConfig(config, (content) => withSettings(content, set));
  const other = set.find(({ path }) => path[0] !== 'policy');
  if (other !== undefined)
    throw new WrongInput(
      `--set ${other.path.join('.')}: only keys of the policy can be set; they begin with policy.`,
    );
  const title = set.map(({ path, value }) => `${path.slice(1).join('.')} ${String(value)}`);
  return { title: `with ${title.join(', ')}`, policy };
}

function priceOf({ price, config }: Options, { instanceTypes }: SimulatedFleet): Price {
  if (price !== undefined) return { dollarsPerBridgeHour: price, source: 'as given' };
  const published = publishedPrice(instanceTypes);
  if (published !== undefined) return published;
  const types = instanceTypes.map(({ type }) => type).join(', ');
  throw new WrongInput(
    `no price is known for ${types} of ${config}; set the dollars per bridge-hour with --price`,
  );
}

/** Before minutes of work: can the results be written? */
function checkTargets({ html, out }: Options): void {
  const folder = html === undefined ? undefined : dirname(html);
  if (folder !== undefined && !isFolder(folder))
    throw new WrongInput(`--html ${html ?? ''}: directory ${folder} does not exist`);
  if (out !== undefined && statSync(out, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new WrongInput(`--out ${out}: not a directory`);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function writeFiles({ html, out }: Options, simulation: Simulation): void {
  if (html !== undefined) writeFileSync(html, page(simulation));
  if (out === undefined) return;
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'simulation.html'), page(simulation));
  writeFileSync(join(out, 'simulation.svg'), chart(simulation, wholeOf(simulation)));
  writeFileSync(
    join(out, 'simulation.json'),
    `${JSON.stringify(simulation.report, undefined, 1)}\n`,
  );
}

/** Tells on standard error how far it is, from the third second on. */
function progress({ now, writeError }: SimulationPorts): (done: number, total: number) => void {
  const startedAt = now();
  return (done, total) => {
    const seconds = now() - startedAt;
    if (seconds > 2) writeError(`simulated ${done} of ${total} runs, ${Math.round(seconds)} s\n`);
  };
}

function settingOf(text: string): Setting {
  try {
    return parseSetting(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || value > 1e6) throw new InvalidArgumentError('must be a positive number.');
  return value;
}

function wholeUpTo(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > most)
      throw new InvalidArgumentError(`must be a whole number from 1 to ${most}.`);
    return value;
  };
}
