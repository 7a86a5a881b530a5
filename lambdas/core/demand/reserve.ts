import {
  secondsSinceUndrained,
  undrainPauseSeconds,
  undrainSeconds,
  type FleetMember,
} from '../model/fleet-member';
import type { FleetState } from '../model/fleet-state';
import { saysEmpty, type BridgeReport } from '../model/snapshot';
import { bridgeLoad, overloadStress } from './demand';

/** Bridges that drain and can be undrained at any time. In reference bridges. */
export interface Reserve {
  /** Load on them: its calls keep their places until they end. */
  readonly load: number;
  /** What they could take more, below overload, once they are undrained. */
  readonly room: number;
}

export const noReserve: Reserve = { load: 0, room: 0 };

/**
 * Whether the autoscaler may undrain a bridge: one that it drained itself, whose drain is
 * reversible or which has no calls. What the operator ordered is the operator's to undo.
 */
export function canUndrain(
  member: FleetMember,
  { snapshot, memory }: FleetState,
): member is FleetMember & { readonly report: BridgeReport } {
  const { bridge, phase, report, fresh } = member;
  if (phase !== 'draining' || bridge.state !== 'running' || !fresh || report === undefined)
    return false;
  if (bridge.drain?.by === 'operator') return false;
  // Tried lately and it still drains: launching is surer.
  if (secondsSinceUndrained(bridge.instanceId, memory, snapshot.now) < undrainPauseSeconds)
    return false;
  return snapshot.drainKind === 'reversible' || saysEmpty(report);
}

/** Draining bridges that were just undrained: as good as active. */
export function returningCount(state: FleetState): number {
  return state.members.filter((member) => isReturning(member, state)).length;
}

function isReturning(
  { bridge, phase }: FleetMember,
  { snapshot: { now }, memory }: FleetState,
): boolean {
  return (
    phase === 'draining' && secondsSinceUndrained(bridge.instanceId, memory, now) < undrainSeconds
  );
}

/**
 * Draining bridges as a reserve: none where a drain is one-way. One that is being undrained still
 * counts, so that a repeated tick sees the same.
 */
export function reserveOf(state: FleetState): Reserve {
  if (state.snapshot.drainKind === 'oneWay') return noReserve;
  return state.members
    .filter((member) => canUndrain(member, state) || isReturning(member, state))
    .reduce((sum, member) => {
      const load = bridgeLoad(member, state);
      const free = member.bridge.weight - load / overloadStress;
      return { load: sum.load + load, room: sum.room + Math.max(0, free) };
    }, noReserve);
}
