import type { FleetMember } from '../model/fleet-member';
import type { FleetState } from '../model/fleet-state';
import { saysEmpty } from '../model/snapshot';

/** Jicofo avoids a bridge from this stress on. */
export const overloadStress = 0.8;

/**
 * Stress of a cold JVM says nothing: an empty bridge that is younger, or was first heard later,
 * counts without load.
 */
export const warmUpSeconds = 300;

/**
 * Load of the fleet: Σ stress × weight of all bridges that run, draining ones too, in reference
 * bridges. A bridge that fell silent counts with what it said last, one whose last word is too old
 * to know with the target stress; never as zero.
 */
export function loadOf(state: FleetState): number {
  return state.members.reduce((sum, member) => sum + bridgeLoad(member, state), 0);
}

/** Load of one bridge, in reference bridges; what {@link loadOf} adds up. */
export function bridgeLoad(member: FleetMember, { snapshot, policy }: FleetState): number {
  const { bridge, phase, report } = member;
  if (phase === 'gone' || phase === 'stopped') return 0;
  if (report !== undefined) {
    const heardSince = Math.min(...bridge.reports.map(({ minute }) => minute));
    const since = Math.max(bridge.launchedAt, heardSince);
    const isYoung = snapshot.now - since < warmUpSeconds;
    return isYoung && saysEmpty(report) ? 0 : report.stressRatio * bridge.weight;
  }
  return bridge.everReported ? policy.targetStress * bridge.weight : 0;
}
