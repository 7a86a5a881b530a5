import { decide, type Decision } from '../core/decide';
import { requestedCount } from '../core/model/action';
import { overridesInForce } from '../core/model/overrides';
import type { Snapshot } from '../core/model/snapshot';
import type { CommandReply, FleetCounts } from '../core/protocol/reply';
import { withWords } from '../core/words/describe-action';
import { withText } from '../core/words/describe-reason';
import { plannedRecord } from './action-records';
import type { FleetEnv } from './env';
import type { Observation } from './observe';
import { showBridges } from './show-bridges';
import { showOverrides } from './show-overrides';
import { showSchedules } from './show-schedules';

/** Replies to `status` and `plan`. Both observe and decide, and change nothing. */

export function showStatus(env: FleetEnv, observation: Observation): CommandReply {
  const { snapshot, memory, problems } = observation;
  const decision = decide(snapshot, env.policy, memory);
  const counts = { ...countsOf(decision), wanted: memory.wanted ?? decision.numbers.wanted };
  return {
    ok: true,
    before: counts,
    after: counts,
    actions: [],
    reasons: [...problems, ...decision.reasons].map(withText),
    ...shown(env, observation, decision),
    overrides: showOverrides(overridesInForce(snapshot.overrides, snapshot.now)),
    ...(memory.lastDecision === undefined ? {} : { lastDecision: memory.lastDecision }),
  };
}

export function showPlan(env: FleetEnv, observation: Observation): CommandReply {
  const { snapshot, memory, problems } = observation;
  const decision = decide(snapshot, env.policy, memory);
  const counts = countsOf(decision);
  return {
    ok: true,
    before: { ...counts, wanted: memory.wanted ?? counts.wanted },
    after: countsIfDone(counts, decision, snapshot),
    actions: decision.actions.map((action) => withWords(plannedRecord(action))),
    reasons: [...problems, ...decision.reasons].map(withText),
    ...shown(env, observation, decision),
  };
}

/**
 * What both show of the fleet; schedules are left out where there are none, which is most fleets.
 */
function shown(
  { policy }: FleetEnv,
  observation: Observation,
  { numbers }: Decision,
): Pick<CommandReply, 'bridges' | 'schedules' | 'load'> {
  const { snapshot, memory } = observation;
  const { schedules } = policy;
  return {
    bridges: showBridges(observation, policy),
    ...(schedules.length === 0
      ? {}
      : { schedules: showSchedules(schedules, snapshot.now, memory) }),
    ...(numbers.load === undefined ? {} : { load: numbers.load }),
  };
}

function countsOf({ numbers }: Decision): FleetCounts {
  const { wanted, booting, active, draining } = numbers;
  return { wanted, booting, active, draining };
}

/** As if every planned action succeeded. */
function countsIfDone(now: FleetCounts, decision: Decision, snapshot: Snapshot): FleetCounts {
  const isDraining = new Set(
    snapshot.bridges.filter(({ drain }) => drain !== undefined).map(({ instanceId }) => instanceId),
  );
  return decision.actions.reduce((counts, action): FleetCounts => {
    switch (action.kind) {
      case 'launch':
        return { ...counts, booting: counts.booting + requestedCount(action.request) };
      case 'drain':
        if (isDraining.has(action.instanceId)) return counts;
        return { ...counts, active: counts.active - 1, draining: counts.draining + 1 };
      case 'undrain':
      case 'recycle':
        return { ...counts, active: counts.active + 1, draining: counts.draining - 1 };
      case 'retire':
        return { ...counts, draining: counts.draining - 1 };
      case 'replace':
      case 'terminate':
      case 'repair':
      case 'suspect':
      case 'unsuspect':
        return counts;
    }
  }, now);
}
