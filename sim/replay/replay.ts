import type { Policy } from '../../lambdas/core/model/policy';
import { figuresOf, type Figures } from '../results/figures';
import { bootstrap, mean, quantile, type Estimate } from '../results/statistics';
import type { Controller } from '../controllers/controller';
import { createDeciding } from '../controllers/ours';
import { createRecorded } from '../controllers/recorded';
import { createController as createStatic } from '../controllers/static';
import { runWeek, type Sample } from '../engine/run';
import { defaultWorld, seatsPerBridge, type WorldSettings } from '../engine/settings';
import { historyBinSeconds } from '../workload/history';
import type { Workload } from '../workload/workload';
import { cutOf, type Recording } from './recording';
import { replayedWorkload } from './replayed-workload';
import { heldAt, valueAt } from './series';

/**
 * Who runs the fleet in a replay: a policy of the operator's, what really ran, or as many bridges
 * as the peak needs.
 */
export type Runner =
  | { readonly kind: 'policy'; readonly name: string; readonly policy: Policy }
  | { readonly kind: 'recorded' }
  | { readonly kind: 'static' };

export interface ReplaySettings {
  readonly recording: Recording;
  readonly runners: readonly Runner[];
  /** Of the fleet as it is configured: what the simulated fleet starts with. */
  readonly policy: Policy;
  readonly generation: 'component' | 'muc';
  readonly bootMedianSeconds: number;
  readonly seeds: readonly number[];
}

/**
 * What a runner did, on average over all seeds. Shares are fractions of 1; field names are the
 * benchmark's.
 */
export interface RunnerSummary {
  readonly name: string;
  readonly bridgeHours: number;
  /** Share of participant-minutes on bridges above stress 0.8 and 1.0, refused joins included. */
  readonly overloadShare: number;
  readonly overloadShareAt1: number;
  readonly launches: number;
  readonly forcedDisconnects: number;
  /** How long it took until a bridge had a free seat again; 0 when one always had. */
  readonly timeToCapacityP95Seconds: number;
  /** Most bridges at once: booting, active and draining. */
  readonly mostBridges: number;
  /** 95 % intervals of the means over seeds. */
  readonly intervals: Readonly<
    Record<'bridgeHours' | 'overloadShare' | 'overloadShareAt1', Estimate>
  >;
  /** Of the first seed: booting, active and draining bridges per 5 minutes of the scored time. */
  readonly bridges: readonly number[];
}

export interface Replay {
  readonly runners: readonly RunnerSummary[];
  /** Participants per 5 minutes of the scored time, as drawn with the first seed. */
  readonly participants: readonly number[];
  /**
   * Mean distance of the drawn participants from the recorded ones, relative to the recorded mean.
   */
  readonly deviationShare: number;
}

interface Outcome {
  readonly figures: Figures;
  readonly samples: readonly Sample[];
}

/**
 * Lets all runners serve the same drawn meetings, seed by seed. `onDone` is told after each run.
 */
export function replay(settings: ReplaySettings, onDone: (doneCount: number) => void): Replay {
  const { recording, runners, seeds } = settings;
  const outcomes = runners.map((): Outcome[] => []);
  let doneCount = 0;
  for (const seed of seeds) {
    const workload = replayedWorkload(recording, seed);
    const world = worldOf(settings, seed);
    for (const [index, runner] of runners.entries()) {
      const controller = controllerOf(runner, settings, world, workload);
      const result = runWeek(workload, world, controller, { keepSamples: seed === seeds[0] });
      outcomes[index]?.push({ figures: figuresOf(result), samples: result.samples });
      onDone(++doneCount);
    }
  }
  const participants = perBin(outcomes[0]?.[0]?.samples ?? [], (sample) => sample.participants);
  return {
    runners: runners.map((runner, index) => summarize(runner, recording, outcomes[index] ?? [])),
    participants,
    deviationShare: deviationOf(recording, participants),
  };
}

function worldOf({ policy, generation, ...settings }: ReplaySettings, seed: number): WorldSettings {
  const isComponent = generation === 'component';
  return {
    ...defaultWorld,
    seed,
    min: policy.min,
    max: policy.max,
    stressPerParticipant: settings.recording.stressPerParticipant,
    bootMedianSeconds: settings.bootMedianSeconds,
    // As Jicofo of that generation does it.
    placement: isComponent ? 'single' : 'split',
    isDrainReversible: !isComponent,
  };
}

function controllerOf(
  runner: Runner,
  { recording }: ReplaySettings,
  world: WorldSettings,
  { demand, scoredSeconds }: Workload,
): Controller {
  switch (runner.kind) {
    case 'policy':
      return createDeciding(runner.policy, world.isDrainReversible);
    case 'recorded': {
      const series = recording.wanted ?? recording.ran;
      return createRecorded((at) => series && heldAt(series, at));
    }
    case 'static': {
      const bridges = Math.ceil(demand.maximum(0, scoredSeconds) / seatsPerBridge(world));
      return createStatic({ ...world, settings: { bridges: Math.max(1, bridges) } });
    }
  }
}

function summarize(
  runner: Runner,
  recording: Recording,
  outcomes: readonly Outcome[],
): RunnerSummary {
  const of = (key: Exclude<keyof Figures, 'shortages'>) =>
    outcomes.map(({ figures }) => figures[key]);
  const shortages = outcomes.flatMap(({ figures }) => figures.shortages).sort((a, b) => a - b);
  const bridges = perBin(
    outcomes[0]?.samples ?? [],
    ({ active, booting, draining }) => active + booting + draining,
  );
  const summary: RunnerSummary = {
    name: runner.kind === 'policy' ? runner.name : runner.kind,
    bridgeHours: mean(of('bridgeHours')),
    overloadShare: mean(of('overloadShare')),
    overloadShareAt1: mean(of('overloadShareAt1')),
    launches: mean(of('launches')),
    forcedDisconnects: of('forcedDisconnects').reduce((sum, value) => sum + value, 0),
    timeToCapacityP95Seconds: quantile(shortages, 0.95),
    mostBridges: Math.ceil(Math.max(0, ...bridges)),
    intervals: {
      bridgeHours: bootstrap(of('bridgeHours')),
      overloadShare: bootstrap(of('overloadShare')),
      overloadShareAt1: bootstrap(of('overloadShareAt1')),
    },
    bridges,
  };
  return runner.kind === 'recorded' ? counted(summary, recording) : summary;
}

/**
 * Hours and launches of what really ran are counted, not simulated; launches are what the bridges
 * grew by: at least so many.
 */
function counted(summary: RunnerSummary, recording: Recording): RunnerSummary {
  const { ran } = recording;
  if (ran === undefined) return summary;
  const { scoredFrom, scoredSeconds } = cutOf(recording);
  const bridges = Array.from({ length: Math.floor(scoredSeconds / historyBinSeconds) }, (_, bin) =>
    heldAt(ran, scoredFrom + bin * historyBinSeconds),
  );
  const bridgeHours = (bridges.reduce((sum, count) => sum + count, 0) * historyBinSeconds) / 3600;
  const whole = bridges.map(Math.round);
  return {
    ...summary,
    bridgeHours,
    launches: whole.reduce(
      (sum, count, bin) => sum + Math.max(0, count - (whole[bin - 1] ?? count)),
      0,
    ),
    mostBridges: Math.ceil(Math.max(0, ...bridges)),
    intervals: {
      ...summary.intervals,
      bridgeHours: { mean: bridgeHours, low: bridgeHours, high: bridgeHours },
    },
    bridges,
  };
}

function perBin(
  samples: readonly Sample[],
  valueOf: (sample: Sample) => number,
): readonly number[] {
  const perMinutes = historyBinSeconds / 60;
  return Array.from({ length: Math.floor(samples.length / perMinutes) }, (_, bin) =>
    mean(samples.slice(bin * perMinutes, (bin + 1) * perMinutes).map(valueOf)),
  );
}

function deviationOf(recording: Recording, participants: readonly number[]): number {
  const { scoredFrom } = cutOf(recording);
  let distance = 0;
  let total = 0;
  for (const [bin, drawn] of participants.entries()) {
    const load = valueAt(recording.load, scoredFrom + bin * historyBinSeconds) ?? 0;
    const recorded = load / recording.stressPerParticipant;
    distance += Math.abs(drawn - recorded);
    total += recorded;
  }
  return distance / Math.max(1, total);
}
