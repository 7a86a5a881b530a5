import { existsSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CreateController } from '../controllers/controller';
import { tunedFile } from './files';
import { scenarios, traceScenario, type Scenario } from './scenarios';
import type { Knobs } from '../workload/knobs';
import { week } from '../workload/calendar';
import { parseTrace } from '../workload/trace';
import { seatsPerBridge } from '../engine/settings';
import { Competition } from './compete';
import {
  clairvoyant,
  clairvoyantFills,
  contestants,
  type Contestant,
  type Settings,
} from './contestants';
import { clairvoyantOverloadLimit } from './tuning';
import { figuresOf, type Figures } from '../results/figures';

/** Where a scenario comes from. */
export type ScenarioSource =
  { readonly id: string } | { readonly traceFile: string; readonly peakParticipants: number };

/** One world with one seed, and who runs in it. */
export interface Job {
  readonly source: ScenarioSource;
  readonly seed: number;
  /** Names of contestants. */
  readonly names: readonly string[];
  /** Modules of controllers from outside; they run as well. */
  readonly controllerFiles: readonly string[];
  readonly knobFactors?: Partial<Record<keyof Knobs, number>>;
}

export interface JobResult {
  readonly job: Job;
  readonly figures: Readonly<Record<string, Figures>>;
  /** LB0 = ∫ max(min, ⌈P/C⌉), in hours. */
  readonly fluidBoundHours: number;
  readonly peakParticipants: number;
}

/** A scenario, trace or controller that does not exist or does not fit; the message says which. */
export class JobError extends Error {
  override readonly name = 'JobError';
}

export function scenarioOf(source: ScenarioSource): Scenario {
  if ('traceFile' in source)
    return traceScenario(
      parseTrace(readFileSync(source.traceFile, 'utf8')),
      source.peakParticipants,
    );
  const found = scenarios.find(({ id }) => id === source.id);
  if (found === undefined)
    throw new JobError(
      `no scenario '${source.id}'; there are ${scenarios.map(({ id }) => id).join(', ')}`,
    );
  return found;
}

/**
 * What a contestant runs with: its best settings there, found on seeds that are not scored; S1's
 * where nothing was tuned.
 */
export function settingsIn(
  scenarioId: string,
  { name, sweep, usesDefaults }: Pick<Contestant, 'name' | 'sweep' | 'usesDefaults'>,
): Settings {
  if (usesDefaults === true || sweep.length <= 1) return {};
  const tuned = existsSync(tunedFile)
    ? (JSON.parse(readFileSync(tunedFile, 'utf8')) as Record<string, Record<string, Settings>>)
    : {};
  return tuned[scenarioId]?.[name] ?? tuned['S1']?.[name] ?? {};
}

export function nameOfModule(file: string): string {
  return basename(file).replace(/\.[cm]?[jt]s$/, '');
}

/** Loads a module that exports `createController`. */
export async function loadContestant(file: string): Promise<Contestant> {
  const module: unknown = await import(pathToFileURL(resolve(file)).href);
  const create = creatorOf(module);
  if (create === undefined)
    throw new JobError(`${file} does not export a function createController`);
  return {
    name: nameOfModule(file),
    title: basename(file),
    sweep: [{}],
    create: (options) => create(options),
  };
}

/** CommonJS modules come with their exports under `default`. */
function creatorOf(module: unknown): CreateController | undefined {
  if (typeof module !== 'object' || module === null) return undefined;
  if ('createController' in module && typeof module.createController === 'function')
    return module.createController as CreateController;
  return 'default' in module ? creatorOf(module.default) : undefined;
}

export async function runJob(job: Job, clock: () => number): Promise<JobResult> {
  const competition = new Competition(scenarioOf(job.source).run(job.seed, job.knobFactors));
  const { workload, world } = competition;
  const chosen = contestants.filter(({ name }) => job.names.includes(name));
  const loaded = await Promise.all(job.controllerFiles.map(loadContestant));
  const scenarioId = 'id' in job.source ? job.source.id : 'trace';
  const figures = [...chosen, ...loaded].map((contestant) => {
    const settings = settingsIn(scenarioId, contestant);
    const run = (tried: Settings) => figuresOf(competition.run(contestant, tried, { clock }));
    const result = contestant === clairvoyant ? yardstick(settings, run) : run(settings);
    return [contestant.name, result] as const;
  });
  const seats = seatsPerBridge(world);
  const bridgesFor = (participants: number) => Math.max(world.min, Math.ceil(participants / seats));
  return {
    job,
    figures: Object.fromEntries(figures),
    fluidBoundHours: workload.demand.integrate(bridgesFor, 0, week) / 3600,
    peakParticipants: workload.demand.maximum(0, week),
  };
}

/** What is overloaded more than this is not for want of a little room. */
const hopelessShare = 10 * clairvoyantOverloadLimit;

/**
 * C* keeps its overload within the limit in every week if it can: where the tuned member does not,
 * the next safer ones are tried. Where none does (a lost zone, calls larger than a bridge), the
 * tuned one stands.
 */
function yardstick(settings: Settings, run: (settings: Settings) => Figures): Figures {
  const fills = clairvoyantFills.filter((fill) => fill <= (settings['fill'] ?? 1));
  const first = run(settings);
  if (first.overloadShare <= clairvoyantOverloadLimit || first.overloadShare > hopelessShare)
    return first;
  for (const fill of fills.slice(1, 3)) {
    const figures = run({ ...settings, fill });
    if (figures.overloadShare <= clairvoyantOverloadLimit) return figures;
  }
  return first;
}
