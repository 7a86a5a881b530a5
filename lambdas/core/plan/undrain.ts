import { canUndrain } from '../demand/reserve';
import type { FleetState } from '../model/fleet-state';
import type { BridgeReport } from '../model/snapshot';
import type { Reason } from '../protocol/reason';
import type { Plan } from './plan';

/**
 * Undrains up to `count` bridges, those with most people first; where drains are one-way, recycles
 * empty ones.
 */
export function planUndrain(state: FleetState, count: number, reason: Reason): Plan {
  const { snapshot, memory } = state;
  const chosen = state.members
    .filter((member) => canUndrain(member, state))
    .sort((a, b) => peopleIn(b.report) - peopleIn(a.report))
    .slice(0, count)
    .map(({ bridge }) => bridge.instanceId);
  const kind = snapshot.drainKind === 'reversible' ? 'undrain' : 'recycle';
  return {
    actions: chosen.map((instanceId) => ({ kind, instanceId, reason })),
    memory: {
      ...memory,
      undrainedAt: {
        ...memory.undrainedAt,
        ...Object.fromEntries(chosen.map((id) => [id, snapshot.now])),
      },
    },
    reasons: [],
  };
}

/** For the order alone: whoever is not known to have people comes last. */
function peopleIn({ participantCount = 0 }: BridgeReport): number {
  return participantCount;
}
