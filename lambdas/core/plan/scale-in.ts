import { isProtected, type FleetMember } from '../model/fleet-member';
import type { Memory } from '../model/memory';
import type { Policy } from '../model/policy';
import type { Action } from '../model/action';
import type { Snapshot } from '../model/snapshot';
import { pickVictims } from './drain-candidates';

/**
 * Bridges wanted by the automatic when `needed` are enough for the load: the same as now until
 * fewer were enough, without a break, for all of `scaleInPatienceSeconds`; then the most that were
 * needed in that time. Missing or old data breaks it off.
 */
export function withPatience(
  needed: number,
  have: number,
  memory: Memory,
  context: {
    readonly now: number;
    readonly policy: Policy;
    /** Every active bridge reported lately. */
    readonly dataComplete: boolean;
    /** In the newest minute every bridge did. */
    readonly everyoneHeard: boolean;
  },
): { readonly wanted: number; readonly memory: Memory; readonly reason?: string } {
  const { fewer } = memory;
  const withoutFewer = { ...memory, fewer: undefined };
  if (needed >= have) return { wanted: needed, memory: withoutFewer };
  if (!context.dataComplete)
    return {
      wanted: have,
      memory: withoutFewer,
      reason: `${needed} would do, but not every bridge reported lately: hold`,
    };
  const since = fewer?.since ?? context.now;
  const mostNeeded = Math.max(needed, fewer?.mostNeeded ?? 0);
  const waitedSeconds = context.now - since;
  const patience = context.policy.scaleInPatienceSeconds;
  if (waitedSeconds < patience)
    return {
      wanted: have,
      memory: { ...memory, fewer: { since, mostNeeded } },
      reason: `${needed} would do; ${Math.ceil(patience - waitedSeconds)} s of patience left`,
    };
  // What was not heard may be more than what was said before: never shrink in such a minute.
  if (!context.everyoneHeard)
    return {
      wanted: have,
      memory: { ...memory, fewer: { since, mostNeeded } },
      reason: `${needed} would do, but not every bridge reported in the newest minute: hold`,
    };
  // What is drained now must prove itself before the next step.
  return {
    wanted: Math.min(have, mostNeeded),
    memory: { ...memory, fewer: { since: context.now, mostNeeded: needed } },
    reason: `${mostNeeded} were enough for ${Math.round(waitedSeconds)} s`,
  };
}

/**
 * Drains the surplus among active bridges. Booting bridges do not stand in for active ones, so at least `wanted` active ones
 * remain.
 */
export function planDrains(
  members: readonly FleetMember[],
  snapshot: Snapshot,
  wanted: number,
  reason: string,
): readonly Action[] {
  const active = members.filter(({ phase }) => phase === 'active');
  const candidates = active.filter(({ bridge }) => !isProtected(bridge, snapshot.now));
  const surplus = Math.max(0, active.length - wanted);
  return pickVictims(active, candidates, surplus, snapshot.launch).map(({ bridge }) => ({
    kind: 'drain',
    instanceId: bridge.instanceId,
    reason,
  }));
}
