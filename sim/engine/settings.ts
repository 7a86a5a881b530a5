import type { PlacementVariant } from './placement';

/** Something that goes wrong. Times in seconds from the start of the scored week. */
export interface Faults {
  readonly metricsAbsent: readonly Stretch[];
  readonly capacityRefused: readonly Stretch[];
  /** Share of launches that never report. */
  readonly neverReportShare: number;
  readonly zoneLosses: readonly { readonly at: number; readonly zone: number }[];
}

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export const noFaults: Faults = {
  metricsAbsent: [],
  capacityRefused: [],
  neverReportShare: 0,
  zoneLosses: [],
};

/** The bridges, the placement and the clouds they run in. */
export interface WorldSettings {
  readonly seed: number;
  /** Fewest and most bridges that the operator allows. */
  readonly min: number;
  readonly max: number;
  /** True stress of one participant. */
  readonly stressPerParticipant: number;
  /** What Jicofo assumes of a participant whose stress is not reported yet. */
  readonly assumedStressPerParticipant: number;
  readonly overloadStress: number;
  readonly placement: PlacementVariant;
  /** Drains are reversible; if not, an empty draining bridge can be recycled. */
  readonly isDrainReversible: boolean;
  readonly bootMedianSeconds: number;
  readonly bootSigma: number;
  readonly faults: Faults;
}

export const defaultWorld: WorldSettings = {
  seed: 1,
  min: 2,
  max: 70,
  stressPerParticipant: 0.01,
  assumedStressPerParticipant: 0.01,
  overloadStress: 0.8,
  placement: 'split',
  isDrainReversible: true,
  bootMedianSeconds: 120,
  bootSigma: 0.35,
  faults: noFaults,
};

/** Participants that fit on one bridge below overload. */
export function seatsPerBridge(
  world: Pick<WorldSettings, 'overloadStress' | 'stressPerParticipant'>,
): number {
  return Math.floor(world.overloadStress / world.stressPerParticipant + 1e-9);
}

/** Time within which 95 % of launches report. */
export function bootP95Seconds(
  world: Pick<WorldSettings, 'bootMedianSeconds' | 'bootSigma'>,
): number {
  return world.bootMedianSeconds * Math.exp(1.645 * world.bootSigma);
}
