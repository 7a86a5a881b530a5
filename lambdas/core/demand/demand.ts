import type { FleetMember } from '../model/fleet-member';
import type { Policy } from '../model/policy';
import type { Snapshot } from '../model/snapshot';

/** Jicofo avoids a bridge from this stress on. */
export const overloadStress = 0.8;

/** Stress of a cold JVM says nothing: an empty bridge that is younger, or was first heard later, counts without load. */
const warmUpSeconds = 300;

/**
 * Load of the fleet: Σ stress × weight of all bridges that run, draining ones too, in reference
 * bridges. A bridge that fell silent counts with what it said last, one whose last word is too old
 * to know with the target stress; never as zero.
 */
export function loadOf(
  members: readonly FleetMember[],
  snapshot: Snapshot,
  policy: Policy,
): number {
  return members.reduce((sum, member) => sum + bridgeLoad(member, snapshot, policy), 0);
}

/** Load of one bridge, in reference bridges; what {@link loadOf} adds up. */
export function bridgeLoad(member: FleetMember, snapshot: Snapshot, policy: Policy): number {
  const { bridge, phase, report } = member;
  if (phase === 'gone' || phase === 'stopped') return 0;
  if (report !== undefined) {
    const isEmpty = report.participantCount === 0 && report.conferenceCount === 0;
    const heardSince = Math.min(...bridge.reports.map(({ minute }) => minute));
    const since = Math.max(bridge.launchedAt, heardSince);
    const isYoung = snapshot.now - since < warmUpSeconds;
    return isEmpty && isYoung ? 0 : report.stressRatio * bridge.weight;
  }
  return bridge.everReported ? policy.targetStress * bridge.weight : 0;
}

/** Bridges that drain and can be taken back at any time. In reference bridges. */
export interface Reserve {
  /** Load on them: its calls keep their places until they end. */
  readonly load: number;
  /** What they could take more, below overload, once they are taken back. */
  readonly room: number;
}

export const noReserve: Reserve = { load: 0, room: 0 };

/**
 * Least share of the headroom that active bridges hold, whatever the reserve: a drain is taken back only when growth is seen,
 * up to two minutes after it began.
 */
const readyShare = 0.7;

/**
 * Bridges of the preferred type that a load needs, before any bound: its share of the target stress, `headroomBridges`, and
 * `headroomFactor` × √bridges for chance, `uncertainty` times as many where there is no forecast to trust. A reserve carries the
 * load that is on it, and stands in for headroom. The tolerance keeps 3 × 0.6 ÷ 0.6 from becoming 4.
 */
export function bridgesNeeded(
  load: number,
  policy: Policy,
  preferredWeight: number,
  uncertainty = 1,
  reserve = noReserve,
): number {
  const perBridge = policy.targetStress * preferredWeight;
  const filled = Math.max(0, load - reserve.load) / perBridge;
  const chance = policy.headroomFactor * uncertainty * Math.sqrt(load / perBridge);
  const ready = Math.max(readyShare * chance, chance - reserve.room / preferredWeight);
  return Math.ceil(filled + ready + policy.headroomBridges - 1e-9);
}
