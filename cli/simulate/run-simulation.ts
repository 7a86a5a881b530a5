import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { Command } from 'commander';

import { mostWeeks } from '../../sim/replay/series';
import { chart, wholeOf } from './chart';
import { assumedMbitPerParticipant, mbitSource } from './egress';
import { page } from './page';
import { publishedPrice, type Price } from './prices';
import { readCloudWatch } from './read-cloud-watch';
import { readTrace } from './read-trace';
import { renderTable } from './render-table';
import type { Simulation } from './report';
import { parseSetting, withSettings } from './settings';
import { simulate, type SimulatedFleet, type SimulationInput } from './simulate';
import type { Unit } from './units';
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

export interface Options {
  readonly config: string;
  /** Each `key=value`. */
  readonly set: readonly string[];
  readonly trace?: string;
  readonly actual?: string;
  readonly unit?: Unit;
  readonly peak?: number;
  readonly weeks: number;
  readonly seeds: number;
  readonly price?: number;
  readonly mbitPerParticipant?: number;
  readonly boot: number;
  readonly out?: string;
  readonly html?: string;
  readonly json?: boolean;
  readonly fleet?: string;
}

/**
 * Carries `simulate` out. @throws an error named WrongInput or ConfigError when the operator has
 * to mend something
 */
export async function runSimulation(
  options: Options,
  command: Command,
  ports: SimulationPorts,
): Promise<void> {
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
    traffic: trafficOf(options),
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
  { config, set: texts }: Options,
  readConfig: SimulationPorts['readConfig'],
): SimulationInput['changed'] {
  if (texts.length === 0) return undefined;
  const set = texts.map(parseSetting);
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

function trafficOf({ mbitPerParticipant }: Options): SimulationInput['traffic'] {
  return mbitPerParticipant === undefined
    ? { mbitPerParticipant: assumedMbitPerParticipant, source: mbitSource }
    : { mbitPerParticipant, source: 'as given' };
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
