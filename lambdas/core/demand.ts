import type { FleetMember } from './fleet';
import type { Policy } from './policy';
import type { Snapshot } from './types';

/** Stress of a cold JVM says nothing: an empty bridge younger than this counts without load. */
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
    const isYoung = snapshot.now - bridge.launchedAt < warmUpSeconds;
    return isEmpty && isYoung ? 0 : report.stressRatio * bridge.weight;
  }
  return bridge.everReported ? policy.targetStress * bridge.weight : 0;
}

/**
 * Bridges of the preferred type that a load needs, before any bound: its share of the target stress, `headroomBridges`, and
 * `headroomFactor` × √bridges for chance. The tolerance keeps 3 × 0.6 ÷ 0.6 from becoming 4.
 */
export function bridgesNeeded(
  load: number,
  policy: Policy,
  preferredWeight: number,
  uncertainty = 1,
): number {
  const filled = load / (policy.targetStress * preferredWeight);
  const chance = policy.headroomFactor * uncertainty * Math.sqrt(filled);
  return Math.ceil(filled + chance + policy.headroomBridges - 1e-9);
}
