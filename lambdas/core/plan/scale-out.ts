import type { FleetState } from '../model/fleet-state';
import type { Reason } from '../protocol/reason';
import { afterLaunch, launchesAllowed } from './breaker';
import { buildLaunch } from './launch';
import type { Plan } from './plan';
import { planUndrain } from './undrain';

export interface Shortage {
  /** Bridges missing. */
  readonly missing: number;
  /** Bridges that may still be launched without passing max + surge. */
  readonly room: number;
  /** Draining bridges, which take room. */
  readonly draining: number;
  /** Max in force. */
  readonly max: number;
  readonly reason: Reason;
}

/** Undrains first, since that is instant and free, and launches the rest. */
export function planScaleOut(state: FleetState, shortage: Shortage): Plan {
  const undrain = planUndrain(state, shortage.missing, shortage.reason);
  const missing = shortage.missing - undrain.actions.length;
  if (missing <= 0) return undrain;
  const launch = planLaunch({ ...state, memory: undrain.memory }, { ...shortage, missing });
  return { ...launch, actions: [...undrain.actions, ...launch.actions] };
}

function planLaunch(
  { members, snapshot, memory }: FleetState,
  { missing, room, draining, max, reason }: Shortage,
): Plan {
  const allowed = launchesAllowed(memory, snapshot.now);
  const { failures } = memory.breaker;
  const count = Math.max(0, Math.min(missing, room, allowed));
  const reasons: readonly Reason[] = [
    ...(missing > room
      ? [{ code: 'NoRoom', missing, room: Math.max(0, room), draining, max } as const]
      : []),
    ...(Math.min(missing, room) > allowed
      ? [{ code: 'BreakerOpen', failures, probe: allowed === 1 } as const]
      : []),
  ];
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
          excludedPools: [...request.excludedPools],
        },
      },
      snapshot.now,
    ),
    reasons,
  };
}
