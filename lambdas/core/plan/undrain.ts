import { canUndrain } from '../demand/reserve';
import { participantsOn } from '../model/fleet-member';
import type { FleetState } from '../model/fleet-state';
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
    .sort((a, b) => participantsOn(b) - participantsOn(a))
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
