import { aheadOfSchedules, boundsInForce, type Bounds } from './demand/bounds';
import { invisibleSeconds, watchBoots, type BootWatch } from './plan/boot-watch';
import { leadSeconds } from './model/lead-time';
import { careFor, rememberCare } from './plan/bridge-actions';
import type { FleetCounts } from './protocol/reply';
import { credible } from './model/sanitize-snapshot';
import { loadOf } from './demand/demand';
import { describeSchedules } from './words/describe-schedules';
import { factsOf } from './words/explain-decision';
import {
  dataAgeSeconds,
  isDataFresh,
  isEveryoneHeard,
  membersOf,
  type FleetMember,
  type Phase,
} from './model/fleet-member';
import { visibleOf } from './plan/launch';
import type { Memory } from './model/memory';
import { inThisMix } from './demand/equivalent-bridges';
import { overridesInForce } from './model/overrides';
import { needWithoutData, outlookOf } from './demand/projected-demand';
import type { Policy } from './model/policy';
import { planDrains, withPatience } from './plan/scale-in';
import { planScaleOut, type Plan } from './plan/scale-out';
import { returningCount } from './demand/reserve';
import type { Action } from './model/action';
import type { Snapshot } from './model/snapshot';

/** The numbers that led to a decision. */
export interface DecisionNumbers extends FleetCounts {
  /** Bridges needed until capacity ordered now is there, before bounds; without fresh data by the history alone, or absent. */
  readonly needed?: number;
  /** Bridges needed at some time of the coming hour; fewer are not kept. Absent without fresh data. */
  readonly held?: number;
  /** Load that the forecast expects at `forecastAt`, and how much it is trusted, 0 … 1; absent without a forecast. */
  readonly forecastLoad?: number;
  readonly forecastAt?: number;
  readonly forecastConfidence?: number;
  /** Load expected ten minutes from now; absent without a forecast. */
  readonly predictedLoad?: number;
  /** Σ stress × weight; absent without fresh data. */
  readonly load?: number;
  readonly participants?: number;
  readonly stressMax?: number;
  readonly dataAgeSeconds?: number;
  readonly silent: number;
  /** Bounds in force: the operator's, else those of schedules, else the policy's. */
  readonly min: number;
  readonly max: number;
  /** Booting + active bridges that schedules want at least; absent when none does. */
  readonly hold?: number;
}

export interface Decision {
  readonly actions: readonly Action[];
  readonly memory: Memory;
  readonly reasons: readonly string[];
  readonly numbers: DecisionNumbers;
}

/**
 * What to do now. Pure and total: the same snapshot, policy and memory give the same decision, and
 * any snapshot, however broken, gives one with a reason. README.md tells the rules in words.
 */
export function decide(snapshot: Snapshot, policy: Policy, remembered: Memory): Decision {
  const overrides = overridesInForce(snapshot.overrides, snapshot.now);
  const inForce = { ...credible(snapshot), overrides };
  const members = membersOf(inForce, policy, remembered);
  const boots = watchBoots(members, inForce, remembered);
  const ahead = aheadOfSchedules(boots.memory);
  const bounds = boundsInForce(policy, inForce.overrides, inForce.now, ahead);
  const numbers = numbersOf(members, inForce, policy, boots, bounds);
  const size = planSize(members, inForce, policy, boots.memory, numbers);
  const care = planCare(members, inForce, policy, size);
  const actions = [...size.actions, ...care];
  return {
    actions,
    memory: {
      ...rememberCare(members, actions, inForce.now, size.memory),
      wanted: size.wanted,
    },
    reasons: [...boots.reasons, ...size.reasons, ...describeSchedules(bounds, inForce.overrides)],
    numbers: { ...numbers, wanted: size.wanted },
  };
}

function countOf(members: readonly FleetMember[], ...phases: readonly Phase[]): number {
  return members.filter(({ phase }) => phases.includes(phase)).length;
}

function numbersOf(
  members: readonly FleetMember[],
  snapshot: Snapshot,
  policy: Policy,
  boots: BootWatch,
  { min, max, hold, soon }: Bounds,
): DecisionNumbers {
  const age = dataAgeSeconds(snapshot);
  const reporting = members.flatMap(({ report, fresh }) =>
    fresh && report !== undefined ? [report] : [],
  );
  const load = loadOf(members, snapshot, policy);
  const lead = leadSeconds(boots.memory);
  const preferredWeight = snapshot.launch.instanceTypes[0]?.weight ?? 1;
  const inMix = (count: number) => inThisMix(count, members, preferredWeight, boots.invisibleCount);
  const outlook = outlookOf(load, members, snapshot, policy, boots.memory, lead);
  const held = Math.max(inMix(outlook.held), soon > Math.max(min, hold) ? soon : 0);
  const unseen = needWithoutData(snapshot, policy, lead);
  return {
    wanted: 0,
    booting: countOf(members, 'booting') + boots.invisibleCount,
    active: countOf(members, 'active', 'silent'),
    draining: countOf(members, 'draining'),
    silent: countOf(members, 'silent', 'lost'),
    min,
    max,
    ...(hold === 0 ? {} : { hold }),
    ...(age === undefined ? {} : { dataAgeSeconds: age }),
    ...(isDataFresh(snapshot, policy)
      ? {
          load,
          ...outlook,
          needed: inMix(outlook.needed),
          // What a schedule is about to ask for is not drained first.
          held,
          participants: reporting.reduce((sum, report) => sum + report.participantCount, 0),
          ...(reporting.length === 0
            ? {}
            : { stressMax: Math.max(...reporting.map(({ stressRatio }) => stressRatio)) }),
        }
      : unseen === undefined
        ? {}
        : { needed: inMix(unseen) }),
  };
}

interface Target {
  readonly wanted: number;
  readonly memory: Memory;
  readonly reason: string;
  /** Whether the surplus may be drained now. */
  readonly mayShrink: boolean;
}

/** Booting + active bridges to converge to: the operator's number, else the load's, else hold. */
function targetOf(
  members: readonly FleetMember[],
  snapshot: Snapshot,
  policy: Policy,
  memory: Memory,
  numbers: DecisionNumbers,
): Target {
  const have = numbers.booting + numbers.active;
  const clamp = (count: number) => Math.min(numbers.max, Math.max(numbers.min, count));
  const { scale } = snapshot.overrides;
  const impatient = { ...memory, fewer: undefined };
  if (scale !== undefined) {
    const wanted = clamp(scale.to);
    const bound = boundThatHolds(scale.to, numbers);
    const reason = `operator scaled to ${scale.to}${bound}`;
    return { wanted, memory: impatient, reason, mayShrink: true };
  }
  const { load, needed, held: kept } = numbers;
  if (load === undefined || needed === undefined || kept === undefined) {
    const held = clamp(Math.max(have, memory.wanted ?? 0, needed ?? 0, numbers.hold ?? 0));
    const age = numbers.dataAgeSeconds;
    const data = age === undefined ? 'no load data' : `load data is ${Math.round(age)} s old`;
    // Bounds that the operator set win over missing data.
    const mayShrink = snapshot.overrides.bounds !== undefined && have > numbers.max;
    return { wanted: held, memory: impatient, reason: `${data}: hold ${held}`, mayShrink };
  }
  const dataComplete = members.every(
    ({ phase, fresh }) => (phase !== 'active' && phase !== 'silent') || fresh,
  );
  const enough = Math.max(needed, numbers.hold ?? 0);
  const bounded = clamp(Math.max(enough, Math.min(have, kept)));
  const everyoneHeard = isEveryoneHeard(members, snapshot, policy);
  const context = { now: snapshot.now, policy, dataComplete, everyoneHeard };
  const target = withPatience(bounded, have, memory, context);
  const facts = factsOf(numbers);
  return {
    wanted: clamp(target.wanted),
    memory: target.memory,
    reason: `${target.reason === undefined ? facts : `${facts}; ${target.reason}`}${boundThatHolds(target.wanted, numbers)}`,
    mayShrink: dataComplete && (everyoneHeard || have > numbers.max),
  };
}

/** Says which bound made another number out of `count`; nothing when none did. */
function boundThatHolds(count: number, { min, max }: DecisionNumbers): string {
  if (count > max) return `; but max is ${max}`;
  return count < min ? `; but min is ${min}` : '';
}

function planSize(
  members: readonly FleetMember[],
  snapshot: Snapshot,
  policy: Policy,
  memory: Memory,
  numbers: DecisionNumbers,
): Plan & { readonly wanted: number } {
  const target = targetOf(members, snapshot, policy, memory, numbers);
  const { wanted } = target;
  const occupied =
    numbers.booting + numbers.active + numbers.draining + countOf(members, 'overdue', 'lost');
  const room = numbers.max + policy.surge - occupied;
  const repeat = planRepeat(snapshot, target.memory, room);
  const reasons = [target.reason, ...repeat.reasons];
  if (repeat.memory.pendingLaunch !== undefined) return { ...repeat, reasons, wanted };
  if (snapshot.overrides.pause !== undefined && snapshot.overrides.scale === undefined)
    return {
      actions: [],
      memory: repeat.memory,
      reasons: [...reasons, 'paused by the operator'],
      wanted,
    };
  const returning = returningCount(members, snapshot, memory);
  const missing = wanted - numbers.booting - numbers.active - returning;
  if (missing > 0) {
    const shortage = { missing, room, draining: numbers.draining, reason: target.reason };
    const plan = planScaleOut(members, snapshot, repeat.memory, shortage);
    return { ...plan, reasons: [...reasons, ...plan.reasons], wanted };
  }
  const actions = target.mayShrink ? planDrains(members, snapshot, wanted, target.reason) : [];
  return { actions, memory: repeat.memory, reasons, wanted };
}

/**
 * A launch whose answer was never recorded is sent again, word for word: EC2 answers the same as
 * the first time. When there is no room for it any more it waits until EC2 would list what it may have
 * made, then it is given up: what is not listed by then was not made.
 */
function planRepeat(snapshot: Snapshot, memory: Memory, room: number): Plan {
  const { pendingLaunch } = memory;
  if (pendingLaunch === undefined) return { actions: [], memory, reasons: [] };
  const visible = visibleOf(pendingLaunch, snapshot);
  const unseen = pendingLaunch.onDemandCount + pendingLaunch.spotCount - visible;
  if (visible === 0 && unseen > room) {
    const ageSeconds = snapshot.now - pendingLaunch.orderedAt;
    if (ageSeconds >= 0 && ageSeconds < invisibleSeconds)
      return {
        actions: [],
        memory,
        reasons: [`launch ${pendingLaunch.token} may have been made, but there is no room for it`],
      };
    return {
      actions: [],
      memory: { ...memory, pendingLaunch: undefined },
      reasons: [`launch ${pendingLaunch.token} given up: no room for it any more`],
    };
  }
  const reason = 'its answer was never recorded';
  return {
    actions: [{ kind: 'launch', request: pendingLaunch, attempt: 'repeat', reason }],
    memory,
    reasons: [`launch ${pendingLaunch.token} is repeated: ${reason}`],
  };
}

/** Care of single bridges; while paused nothing automatic ends a bridge. */
function planCare(
  members: readonly FleetMember[],
  snapshot: Snapshot,
  policy: Policy,
  size: Plan,
): readonly Action[] {
  const busy = new Set(
    size.actions.flatMap((action) => (action.kind === 'launch' ? [] : [action.instanceId])),
  );
  const ending: readonly Action['kind'][] = ['retire', 'replace', 'discard'];
  return members
    .filter(({ bridge }) => !busy.has(bridge.instanceId))
    .flatMap((member) => careFor(member, snapshot, policy, size.memory))
    .filter(({ kind }) => snapshot.overrides.pause === undefined || !ending.includes(kind));
}
