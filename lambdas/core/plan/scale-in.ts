import type { DrainAction } from '../model/action';
import { isEveryoneHeard, isProtected } from '../model/fleet-member';
import type { FleetState } from '../model/fleet-state';
import type { Memory } from '../model/memory';
import type { Reason, SizeReason } from '../protocol/reason';
import { drainCandidate, pickDrainCandidates } from './drain-candidates';

/** What is known of the bridges whose load decides. */
export interface Hearing {
  /** Every active bridge reported lately. */
  readonly lately: boolean;
  /** In the newest minute every bridge did. */
  readonly newestMinute: boolean;
}

export function hearingOf(state: FleetState): Hearing {
  return {
    lately: state.members.every(
      ({ phase, fresh }) => (phase !== 'active' && phase !== 'silent') || fresh,
    ),
    newestMinute: isEveryoneHeard(state.members, state.snapshot, state.policy),
  };
}

export interface CooledSize {
  /** Bridges wanted after the cooldown's say. */
  readonly wanted: number;
  readonly memory: Memory;
  readonly reason?: SizeReason;
}

/**
 * Bridges wanted by the autoscaler when `needed` suffice for the load: the same as now until fewer
 * sufficed, without a break, for all of `scaleInPatienceSeconds`; then the most that were needed
 * in that time. Missing or old data breaks it off.
 */
export function withCooldown(
  needed: number,
  have: number,
  { snapshot: { now }, policy, memory }: FleetState,
  hearing: Hearing,
): CooledSize {
  const { scaleInPending } = memory;
  const nothingPending = { ...memory, scaleInPending: undefined };
  if (needed >= have) return { wanted: needed, memory: nothingPending };
  if (!hearing.lately)
    return {
      wanted: have,
      memory: nothingPending,
      reason: { code: 'ScaleInHold', needed, unheard: 'lately' },
    };
  const since = scaleInPending?.since ?? now;
  const mostNeeded = Math.max(needed, scaleInPending?.mostNeeded ?? 0);
  const seconds = now - since;
  const secondsLeft = Math.ceil(policy.scaleInPatienceSeconds - seconds);
  const pending = { ...memory, scaleInPending: { since, mostNeeded } };
  if (seconds < policy.scaleInPatienceSeconds)
    return {
      wanted: have,
      memory: pending,
      reason: { code: 'ScaleInCooldown', needed, secondsLeft },
    };
  // What was not heard may be more than what was said before: never shrink in such a minute.
  if (!hearing.newestMinute)
    return {
      wanted: have,
      memory: pending,
      reason: { code: 'ScaleInHold', needed, unheard: 'newestMinute' },
    };
  // What is drained now must prove itself before the next step.
  return {
    wanted: Math.min(have, mostNeeded),
    memory: { ...memory, scaleInPending: { since: now, mostNeeded: needed } },
    reason: { code: 'ScaleIn', needed: mostNeeded, seconds: Math.round(seconds) },
  };
}

export interface Drains {
  readonly actions: readonly DrainAction[];
  /**
   * Bridges that might be drained as well, if their conferences were known: they were not asked
   * for.
   */
  readonly unread: readonly string[];
}

export const noDrains: Drains = { actions: [], unread: [] };

/**
 * Drains the surplus among active bridges. Booting bridges do not stand in for active ones, so at
 * least `wanted` active ones remain. Whoever set the size, the drains are the autoscaler's: it
 * undrains them when they are needed again.
 */
export function planDrains(
  { members, snapshot }: FleetState,
  wanted: number,
  reason: Reason,
): Drains {
  const active = members.filter(({ phase }) => phase === 'active');
  const surplus = Math.max(0, active.length - wanted);
  if (surplus === 0) return noDrains;
  const free = active.filter(({ bridge }) => !isProtected(bridge, snapshot.now));
  const candidates = free.flatMap((member) => drainCandidate(member) ?? []);
  const picked = pickDrainCandidates(active, candidates, surplus, snapshot.launch);
  return {
    actions: picked.map(({ bridge }) => ({
      kind: 'drain',
      instanceId: bridge.instanceId,
      by: 'autoscaler',
      reason,
    })),
    unread: free
      .filter((member) => drainCandidate(member) === undefined)
      .map(({ bridge }) => bridge.instanceId),
  };
}
