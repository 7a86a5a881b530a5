import type { Bounds } from '../demand/bounds';
import { loadOf } from '../demand/demand';
import { equivalentBridges } from '../demand/equivalent-bridges';
import { needWithoutData, projectDemand } from '../demand/projected-demand';
import { dataAgeSeconds, isDataFresh, type FleetMember, type Phase } from '../model/fleet-member';
import type { FleetState } from '../model/fleet-state';
import { leadSeconds } from '../model/lead-time';
import type { FleetCounts } from '../protocol/reply';
import type { EpochSeconds } from '../protocol/time';

/** The numbers that led to a decision. */
export interface DecisionNumbers extends FleetCounts {
  /**
   * Bridges needed until capacity ordered now is there, before bounds; without fresh data by the
   * history alone, or absent.
   */
  readonly needed?: number;
  /**
   * Bridges needed at some time of the coming hour: the fleet does not shrink below that. Absent
   * without fresh data.
   */
  readonly scaleInFloor?: number;
  /**
   * Load that the forecast expects at `forecastAt`, and how much it is trusted, 0 … 1; absent
   * without a forecast.
   */
  readonly forecastLoad?: number;
  readonly forecastAt?: EpochSeconds;
  readonly forecastConfidence?: number;
  /** Load expected ten minutes from now; absent without a forecast. */
  readonly predictedLoad?: number;
  /** Σ stress × weight; absent without fresh data. */
  readonly load?: number;
  /** Absent unless the people of every reporting bridge were read. */
  readonly participants?: number;
  readonly stressMax?: number;
  readonly dataAgeSeconds?: number;
  readonly silent: number;
  /** Bounds in force: the operator's, else those of schedules, else the policy's. */
  readonly min: number;
  readonly max: number;
  /** Booting + active bridges that schedules want at least; absent when none does. */
  readonly hold?: number;
}

/** Numbers where the load is known. */
export type LoadNumbers = DecisionNumbers &
  Required<Pick<DecisionNumbers, 'load' | 'needed' | 'scaleInFloor'>>;

export function countOf(members: readonly FleetMember[], ...phases: readonly Phase[]): number {
  return members.filter(({ phase }) => phases.includes(phase)).length;
}

/** @param invisibleCount launched bridges that EC2 does not list yet */
export function numbersOf(
  state: FleetState,
  { min, max, hold, soon }: Bounds,
  invisibleCount: number,
): DecisionNumbers {
  const { members, snapshot, policy, memory } = state;
  const age = dataAgeSeconds(snapshot);
  const reporting = members.flatMap(({ report, fresh }) =>
    fresh && report !== undefined ? [report] : [],
  );
  const participants = sumOfKnown(reporting.map(({ participantCount }) => participantCount));
  const load = loadOf(state);
  const lead = leadSeconds(memory);
  const preferredWeight = snapshot.launch.instanceTypes[0]?.weight ?? 1;
  const inMix = (count: number) =>
    equivalentBridges(count, members, preferredWeight, invisibleCount);
  const demand = projectDemand(load, state, lead);
  // What a schedule is about to ask for is not drained first.
  const scheduled = soon > Math.max(min, hold) ? soon : 0;
  const unseen = needWithoutData(state, lead);
  return {
    wanted: 0,
    booting: countOf(members, 'booting') + invisibleCount,
    active: countOf(members, 'active', 'silent'),
    draining: countOf(members, 'draining'),
    silent: countOf(members, 'silent', 'lost'),
    min,
    max,
    ...(hold === 0 ? {} : { hold }),
    ...(age === undefined ? {} : { dataAgeSeconds: age }),
    ...(isDataFresh(snapshot, policy)
      ? {
          load,
          ...demand,
          needed: inMix(demand.needed),
          scaleInFloor: Math.max(inMix(demand.scaleInFloor), scheduled),
          ...(participants === undefined ? {} : { participants }),
          ...(reporting.length === 0
            ? {}
            : { stressMax: Math.max(...reporting.map(({ stressRatio }) => stressRatio)) }),
        }
      : unseen === undefined
        ? {}
        : { needed: inMix(unseen) }),
  };
}

function sumOfKnown(counts: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  for (const count of counts) {
    if (count === undefined) return undefined;
    sum += count;
  }
  return sum;
}
