import { afterLaunch, launchesAllowed } from './breaker';
import { bridgeLoad, noReserve, overloadStress, type Reserve } from './demand';
import {
  participantsOn,
  secondsSinceTakenBack,
  takeBackPauseSeconds,
  takeBackSeconds,
  type FleetMember,
} from './fleet';
import { buildLaunch } from './launch';
import type { Memory } from './memory';
import type { Policy } from './policy';
import type { Action, Snapshot } from './types';

export interface Plan {
  readonly actions: readonly Action[];
  readonly memory: Memory;
  readonly reasons: readonly string[];
}

export interface Shortage {
  /** Bridges missing. */
  readonly missing: number;
  /** Bridges that may still be launched without passing max + surge. */
  readonly room: number;
  /** Draining bridges, which take room. */
  readonly draining: number;
  readonly reason: string;
}

/** A drain that the operator ordered is not taken back by the automatic. */
export const operatorPrefix = 'operator';

/** Takes drains back first, since that is instant and free, and launches the rest. */
export function planScaleOut(
  members: readonly FleetMember[],
  snapshot: Snapshot,
  memory: Memory,
  shortage: Shortage,
): Plan {
  const back = members
    .filter((member) => canTakeBack(member, snapshot, memory))
    .sort((a, b) => participantsOn(b) - participantsOn(a))
    .slice(0, shortage.missing);
  const actions: Action[] = back.map(({ bridge }) => ({
    kind: snapshot.generation === 'muc' ? 'undrain' : 'recycle',
    instanceId: bridge.instanceId,
    reason: shortage.reason,
  }));
  const remembered: Memory = {
    ...memory,
    takenBack: {
      ...memory.takenBack,
      ...Object.fromEntries(back.map(({ bridge }) => [bridge.instanceId, snapshot.now])),
    },
  };
  const missing = shortage.missing - back.length;
  if (missing <= 0) return { actions, memory: remembered, reasons: [] };
  const launches = planLaunch(members, snapshot, remembered, { ...shortage, missing });
  return { ...launches, actions: [...actions, ...launches.actions] };
}

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

function planLaunch(
  members: readonly FleetMember[],
  snapshot: Snapshot,
  memory: Memory,
  { missing, room, draining, reason }: Shortage,
): Plan {
  const allowed = launchesAllowed(memory, snapshot.now);
  const count = Math.max(0, Math.min(missing, room, allowed));
  const reasons: string[] = [];
  if (missing > room)
    reasons.push(
      `max leaves room for ${Math.max(0, room)} of ${missing} bridges` +
        (draining > 0 ? `, since ${draining} draining ones count too` : ''),
    );
  if (Math.min(missing, room) > allowed)
    reasons.push(
      `launches stopped after ${memory.breaker.failures} failed boots` +
        (allowed === 1 ? '; one is tried' : ''),
    );
  if (count === 0) return { actions: [], memory, reasons };
  const onDemandNow = members.filter(
    ({ bridge, phase }) =>
      bridge.market === 'on-demand' && (phase === 'booting' || phase === 'active'),
  ).length;
  const request = buildLaunch(snapshot, memory, count, onDemandNow);
  return {
    actions: [{ kind: 'launch', request, attempt: 'first', reason }],
    memory: afterLaunch(
      {
        ...memory,
        sequence: memory.sequence + 1,
        pendingLaunch: {
          ...request,
          instanceTypes: [...request.instanceTypes],
          subnetIds: [...request.subnetIds],
          without: [...request.without],
        },
      },
      snapshot.now,
    ),
    reasons,
  };
}
