import type { DrainAction } from '../model/action';
import { isEveryoneHeard, isProtected } from '../model/fleet-member';
import type { FleetState } from '../model/fleet-state';
import type { Memory } from '../model/memory';
import type { Reason, SizeReason } from '../protocol/reason';
import { pickDrainCandidates } from './drain-candidates';

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

/**
 * Drains the surplus among active bridges. Booting bridges do not stand in for active ones, so at
 * least `wanted` active ones remain. Whoever set the size, the drains are the autoscaler's: it
 * undrains them when they are needed again.
 */
export function planDrains(
  { members, snapshot }: FleetState,
  wanted: number,
  reason: Reason,
): readonly DrainAction[] {
  const active = members.filter(({ phase }) => phase === 'active');
  const candidates = active.filter(({ bridge }) => !isProtected(bridge, snapshot.now));
  const surplus = Math.max(0, active.length - wanted);
  return pickDrainCandidates(active, candidates, surplus, snapshot.launch).map(({ bridge }) => ({
    kind: 'drain',
    instanceId: bridge.instanceId,
    by: 'autoscaler',
    reason,
  }));
}
