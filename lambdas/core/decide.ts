import { aheadOfSchedules, boundsInForce } from './demand/bounds';
import { returningCount } from './demand/reserve';
import type { Action } from './model/action';
import { fleetStateOf, type FleetState } from './model/fleet-state';
import type { Memory } from './model/memory';
import { overridesInForce } from './model/overrides';
import type { Policy } from './model/policy';
import { sanitizeSnapshot } from './model/sanitize-snapshot';
import type { Snapshot } from './model/snapshot';
import { watchBoots } from './plan/boot-watch';
import { bridgeActionsFor, rememberBridgeActions } from './plan/bridge-actions';
import { explainSchedules } from './plan/explain-schedules';
import { countOf, numbersOf, type DecisionNumbers } from './plan/numbers';
import type { Plan } from './plan/plan';
import { planRepeat } from './plan/repeat-launch';
import { noDrains, planDrains } from './plan/scale-in';
import { planScaleOut } from './plan/scale-out';
import { targetOf } from './plan/target';
import type { Reason } from './protocol/reason';

export interface Decision {
  readonly actions: readonly Action[];
  readonly memory: Memory;
  readonly reasons: readonly Reason[];
  readonly numbers: DecisionNumbers;
  /**
   * Bridges whose people and conferences were not read and would change the decision: none of them
   * is drained before they are. Empty when nothing may be drained.
   */
  readonly unread: readonly string[];
}

/**
 * What to do now. Pure and total: the same snapshot, policy and memory give the same decision, and
 * any snapshot, however broken, gives one with a reason. README.md tells the rules in words.
 */
export function decide(snapshot: Snapshot, policy: Policy, remembered: Memory): Decision {
  const overrides = overridesInForce(snapshot.overrides, snapshot.now);
  const seen = { ...sanitizeSnapshot(snapshot), overrides };
  const found = fleetStateOf(seen, policy, remembered);
  const boots = watchBoots(found);
  const state = { ...found, memory: boots.memory };
  const bounds = boundsInForce(policy, overrides, seen.now, aheadOfSchedules(state.memory));
  const numbers = numbersOf(state, bounds, boots.invisibleCount);
  const size = planSize(state, numbers);
  const afterSize = { ...state, memory: size.memory };
  const actions = [...size.actions, ...planBridgeActions(afterSize, size.actions)];
  return {
    actions,
    memory: { ...rememberBridgeActions(afterSize, actions), wanted: size.wanted },
    reasons: [...boots.reasons, ...size.reasons, ...explainSchedules(bounds, overrides)],
    numbers: { ...numbers, wanted: size.wanted },
    unread: size.unread ?? [],
  };
}

interface SizePlan extends Plan {
  readonly wanted: number;
  readonly unread?: readonly string[];
}

function planSize(found: FleetState, numbers: DecisionNumbers): SizePlan {
  const { members, snapshot, policy } = found;
  const { wanted, mayShrink, ...target } = targetOf(found, numbers);
  const occupied =
    numbers.booting + numbers.active + numbers.draining + countOf(members, 'overdue', 'lost');
  const room = numbers.max + policy.surge - occupied;
  const repeat = planRepeat({ ...found, memory: target.memory }, room);
  const reasons = [...target.reasons, ...repeat.reasons];
  if (repeat.memory.pendingLaunch !== undefined) return { ...repeat, reasons, wanted };
  const state = { ...found, memory: repeat.memory };
  if (snapshot.overrides.pause !== undefined && snapshot.overrides.scale === undefined)
    return { actions: [], memory: state.memory, reasons: [...reasons, { code: 'Paused' }], wanted };
  const [reason] = target.reasons;
  const missing = wanted - numbers.booting - numbers.active - returningCount(found);
  if (missing > 0) {
    const { draining, max } = numbers;
    const plan = planScaleOut(state, { missing, room, draining, max, reason });
    return { ...plan, reasons: [...reasons, ...plan.reasons], wanted };
  }
  // The last reason says why the rest suffices.
  const why = target.reasons.reduce((_, next) => next, reason);
  const drains = mayShrink ? planDrains(state, wanted, why) : noDrains;
  return { ...drains, memory: state.memory, reasons, wanted };
}

/** What single bridges need. While paused, the autoscaler terminates no bridge. */
function planBridgeActions(state: FleetState, planned: readonly Action[]): readonly Action[] {
  const busy = new Set(
    planned.flatMap((action) => (action.kind === 'launch' ? [] : [action.instanceId])),
  );
  const ending: readonly Action['kind'][] = ['retire', 'replace', 'terminate'];
  return state.members
    .filter(({ bridge }) => !busy.has(bridge.instanceId))
    .flatMap((member) => bridgeActionsFor(member, state))
    .filter(({ kind }) => state.snapshot.overrides.pause === undefined || !ending.includes(kind));
}
