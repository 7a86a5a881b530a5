import { canTakeBack } from '../demand/reserve';
import type { Action } from '../model/action';
import { participantsOn, type FleetMember } from '../model/fleet-member';
import type { Memory } from '../model/memory';
import type { Snapshot } from '../model/snapshot';
import { afterLaunch, launchesAllowed } from './breaker';
import { buildLaunch } from './launch';

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
