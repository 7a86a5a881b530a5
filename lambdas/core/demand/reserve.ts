import {
  secondsSinceTakenBack,
  takeBackPauseSeconds,
  takeBackSeconds,
  type FleetMember,
} from '../model/fleet-member';
import type { Memory } from '../model/memory';
import type { Policy } from '../model/policy';
import type { Snapshot } from '../model/snapshot';
import { bridgeLoad, noReserve, overloadStress, type Reserve } from './demand';

/** A drain that the operator ordered is not taken back by the automatic. */
export const operatorPrefix = 'operator';

/** v2 takes a drain back at any time; v1 only by restarting its service, so it must be empty. */
export function canTakeBack(
  { bridge, phase, report, fresh }: FleetMember,
  snapshot: Snapshot,
  memory: Memory,
): boolean {
  if (phase !== 'draining' || bridge.state !== 'running' || !fresh || report === undefined)
    return false;
  if (bridge.drain?.reason.startsWith(operatorPrefix) === true) return false;
  // Tried lately and it still drains: launching is surer.
  if (secondsSinceTakenBack(bridge.instanceId, memory, snapshot.now) < takeBackPauseSeconds)
    return false;
  const isEmpty = report.participantCount === 0 && report.conferenceCount === 0;
  return snapshot.generation === 'muc' || isEmpty;
}

/** Draining bridges whose drain was just taken back: as good as active. */
export function returningCount(
  members: readonly FleetMember[],
  snapshot: Snapshot,
  memory: Memory,
): number {
  return members.filter((member) => isReturning(member, snapshot, memory)).length;
}

function isReturning({ bridge, phase }: FleetMember, { now }: Snapshot, memory: Memory): boolean {
  return (
    phase === 'draining' && secondsSinceTakenBack(bridge.instanceId, memory, now) < takeBackSeconds
  );
}

/**
 * Draining bridges as a reserve: none where a drain is one-way. One that is being taken back still counts, so that a repeated tick
 * sees the same.
 */
export function reserveOf(
  members: readonly FleetMember[],
  snapshot: Snapshot,
  policy: Policy,
  memory: Memory,
): Reserve {
  if (snapshot.generation !== 'muc') return noReserve;
  return members
    .filter(
      (member) => canTakeBack(member, snapshot, memory) || isReturning(member, snapshot, memory),
    )
    .reduce((sum, member) => {
      const load = bridgeLoad(member, snapshot, policy);
      const free = member.bridge.weight - load / overloadStress;
      return { load: sum.load + load, room: sum.room + Math.max(0, free) };
    }, noReserve);
}
