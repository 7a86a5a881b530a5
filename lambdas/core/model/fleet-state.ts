import { membersOf, type FleetMember } from './fleet-member';
import type { Memory } from './memory';
import type { Policy } from './policy';
import type { Snapshot } from './snapshot';

/**
 * What every rule of the decision looks at: the fleet as it is, what is wanted of it, and what
 * earlier ticks left.
 */
export interface FleetState {
  /** The snapshot's bridges, each with its phase. */
  readonly members: readonly FleetMember[];
  readonly snapshot: Snapshot;
  readonly policy: Policy;
  readonly memory: Memory;
}

export function fleetStateOf(snapshot: Snapshot, policy: Policy, memory: Memory): FleetState {
  return { members: membersOf(snapshot, policy, memory), snapshot, policy, memory };
}
