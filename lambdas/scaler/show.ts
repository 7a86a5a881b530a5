import type { BridgeStatus, CommandReply, FleetCounts } from '../core/protocol/reply';
import { bridgeName } from '../core/protocol/xmpp-names';
import { decide, type Decision } from '../core/decide';
import { isObservedEmpty, membersOf, type FleetMember } from '../core/model/fleet-member';
import { overridesInForce } from '../core/model/overrides';
import type { ObservedBridge, Overrides, Snapshot } from '../core/model/snapshot';
import type { ScalerEnv } from './env';
import { describeAction } from './execute';
import { isoTime } from './iso-time';
import type { Observation } from './observe';
import { showSchedules } from './show-schedules';

/** Replies to `status` and `plan`. Both look and decide, and change nothing. */

export function showStatus(env: ScalerEnv, observation: Observation): CommandReply {
  const { snapshot, memory } = observation;
  const decision = decide(snapshot, env.policy, memory);
  const counts = { ...countsOf(decision), wanted: memory.wanted ?? decision.numbers.wanted };
  return {
    ok: true,
    before: counts,
    after: counts,
    actions: [],
    reasons: [...observation.problems, ...decision.reasons],
    bridges: bridgesOf(env, observation),
    ...schedulesOf(env, observation),
    overrides: describeOverrides(overridesInForce(snapshot.overrides, snapshot.now)),
    ...(memory.lastDecision === undefined ? {} : { lastDecision: memory.lastDecision }),
    ...(decision.numbers.load === undefined ? {} : { load: decision.numbers.load }),
  };
}

export function showPlan(env: ScalerEnv, observation: Observation): CommandReply {
  const { snapshot, memory, problems } = observation;
  const decision = decide(snapshot, env.policy, memory);
  const counts = countsOf(decision);
  return {
    ok: true,
    before: { ...counts, wanted: memory.wanted ?? counts.wanted },
    after: countsIfDone(counts, decision, snapshot),
    actions: decision.actions.map(describeAction),
    reasons: [...problems, ...decision.reasons],
    bridges: bridgesOf(env, observation),
    ...schedulesOf(env, observation),
    ...(decision.numbers.load === undefined ? {} : { load: decision.numbers.load }),
  };
}

/** Left out where there are none, which is most fleets. */
function schedulesOf(
  { policy }: ScalerEnv,
  { snapshot, memory }: Observation,
): Pick<CommandReply, 'schedules'> {
  const { schedules } = policy;
  return schedules.length === 0
    ? {}
    : { schedules: showSchedules(schedules, snapshot.now, memory) };
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
      case 'launch': {
        const { onDemandCount, spotCount } = action.request;
        return { ...counts, booting: counts.booting + onDemandCount + spotCount };
      }
      case 'drain':
        if (isDraining.has(action.instanceId)) return counts;
        return { ...counts, active: counts.active - 1, draining: counts.draining + 1 };
      case 'undrain':
      case 'recycle':
        return { ...counts, active: counts.active + 1, draining: counts.draining - 1 };
      case 'retire':
        return { ...counts, draining: counts.draining - 1 };
      case 'replace':
      case 'discard':
      case 'repair':
      case 'suspect':
      case 'unsuspect':
        return counts;
    }
  }, now);
}

function bridgesOf(env: ScalerEnv, { snapshot, memory }: Observation): readonly BridgeStatus[] {
  return membersOf(snapshot, env.policy, memory)
    .filter(({ phase }) => phase !== 'gone' && phase !== 'stopped')
    .map((member) => bridgeStatus(member, env, snapshot));
}

function bridgeStatus(member: FleetMember, env: ScalerEnv, snapshot: Snapshot): BridgeStatus {
  const { bridge, report } = member;
  return {
    instanceId: bridge.instanceId,
    name: bridgeName(bridge.instanceId),
    phase: phaseShown(member, env),
    instanceType: bridge.instanceType,
    zone: bridge.zone,
    launchedAt: isoTime(bridge.launchedAt),
    registered: bridge.registered,
    ...(report === undefined
      ? {}
      : {
          stressRatio: report.stressRatio,
          participantCount: report.participantCount,
          conferenceCount: report.conferenceCount,
          reportAgeSeconds: Math.max(0, snapshot.now - report.minute),
        }),
  };
}

/** The four phases that people see: a silent bridge is active without a young report. */
function phaseShown(member: FleetMember, env: ScalerEnv): BridgeStatus['phase'] {
  switch (member.phase) {
    case 'booting':
    case 'overdue':
      return 'booting';
    case 'draining':
      return isObservedEmpty(member, env.policy) ? 'retiring' : 'draining';
    case 'active':
    case 'silent':
    case 'lost':
    case 'stopped':
    case 'gone':
      return 'active';
  }
}

function describeOverrides(overrides: Overrides): readonly { text: string; until: string }[] {
  const { scale, bounds, pause } = overrides;
  const limits = [
    ...(bounds?.min === undefined ? [] : [`min ${bounds.min}`]),
    ...(bounds?.max === undefined ? [] : [`max ${bounds.max}`]),
  ];
  return [
    ...(scale === undefined ? [] : [{ text: `scale to ${scale.to}`, until: isoTime(scale.until) }]),
    ...(bounds === undefined
      ? []
      : [{ text: `bounds ${limits.join(', ')}`, until: isoTime(bounds.until) }]),
    ...(pause === undefined ? [] : [{ text: 'pause', until: isoTime(pause.until) }]),
  ];
}

/** A bridge that a command may name: it is in the fleet and not on its way out. */
export function findBridge(snapshot: Snapshot, instanceId: string): ObservedBridge | undefined {
  return snapshot.bridges.find(
    (bridge) => bridge.instanceId === instanceId && bridge.state !== 'shutting-down',
  );
}
