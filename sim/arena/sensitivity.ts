import type { Knobs } from '../workload/knobs';
import type { Job, JobResult } from './job';
import { mean } from '../results/statistics';

/** Whether the ranking in S1 depends on a knob of the generator: each is moved by ±30 %. */
const knobs: readonly (keyof Knobs)[] = [
  'peakParticipants',
  'scheduledShare',
  'sizeMedian',
  'sizeSigma',
  'durationFactor',
  'adHocMedianMinutes',
  'adHocSigma',
  'marathonShare',
  'joinDeviationSeconds',
  'lateShare',
  'surpriseShare',
  'surpriseHigh',
];
const factors = [0.7, 1.3] as const;
const seeds = [1, 2, 3] as const;
const names = [
  'clairvoyant',
  'ours',
  'target-tracking-predictive',
  'hpa',
  'target-tracking',
  'jitsi-autoscaler-tuned',
  'jitsi-autoscaler',
] as const;

export interface SensitivityRow {
  readonly knob: string;
  readonly factor: number;
  /** Per controller, cheapest first. */
  readonly ranking: readonly {
    readonly name: string;
    readonly bridgeHoursOverClairvoyant: number;
    readonly overloadShare: number;
  }[];
}

export function sensitivityJobs(): readonly Job[] {
  return knobs.flatMap((knob) =>
    factors.flatMap((factor) =>
      seeds.map((seed) => ({
        source: { id: 'S1' },
        seed,
        names,
        controllerFiles: [],
        knobFactors: { [knob]: factor },
      })),
    ),
  );
}

export function summarizeSensitivity(results: readonly JobResult[]): readonly SensitivityRow[] {
  const groups = new Map<string, JobResult[]>();
  for (const result of results) {
    const [entry] = Object.entries(result.job.knobFactors ?? {});
    if (entry === undefined) continue;
    const key = entry.join('×');
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  return [...groups].map(([key, group]) => {
    const [knob = '', factor = ''] = key.split('×');
    const hours = (name: string) =>
      mean(group.map(({ figures }) => figures[name]?.bridgeHours ?? NaN));
    return {
      knob,
      factor: Number(factor),
      ranking: names
        .map((name) => ({
          name,
          bridgeHoursOverClairvoyant: hours(name) / hours('clairvoyant'),
          overloadShare: mean(group.map(({ figures }) => figures[name]?.overloadShare ?? NaN)),
        }))
        .sort((a, b) => a.bridgeHoursOverClairvoyant - b.bridgeHoursOverClairvoyant),
    };
  });
}
