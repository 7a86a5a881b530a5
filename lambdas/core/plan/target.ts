import type { FleetState } from '../model/fleet-state';
import type { Memory } from '../model/memory';
import type { Reason } from '../protocol/reason';
import { explainDecision } from './explain-decision';
import type { DecisionNumbers, LoadNumbers } from './numbers';
import { hearingOf, withCooldown } from './scale-in';

export interface Target {
  /** Booting + active bridges to converge to. */
  readonly wanted: number;
  readonly memory: Memory;
  /** Why, the decisive one first. */
  readonly reasons: readonly [Reason, ...Reason[]];
  /** Whether the surplus may be drained now. */
  readonly mayShrink: boolean;
}

/** Size to converge to: the operator's number, else the load's, else hold. */
export function targetOf(state: FleetState, numbers: DecisionNumbers): Target {
  const { scale } = state.snapshot.overrides;
  if (scale !== undefined) return targetOfOperator(state, numbers, scale.to);
  const { load, needed, scaleInFloor } = numbers;
  return load === undefined || needed === undefined || scaleInFloor === undefined
    ? targetWithoutData(state, numbers)
    : targetOfLoad(state, { ...numbers, load, needed, scaleInFloor });
}

function clamp(count: number, { min, max }: DecisionNumbers): number {
  return Math.min(max, Math.max(min, count));
}

/** Nothing counts as cooling down while another rule decides. */
function withoutPending(memory: Memory): Memory {
  return { ...memory, scaleInPending: undefined };
}

function targetOfOperator({ memory }: FleetState, numbers: DecisionNumbers, to: number): Target {
  return {
    wanted: clamp(to, numbers),
    memory: withoutPending(memory),
    reasons: [{ code: 'OperatorScale', to }, ...boundThatApplies(to, numbers)],
    mayShrink: true,
  };
}

function targetWithoutData({ snapshot, memory }: FleetState, numbers: DecisionNumbers): Target {
  const have = numbers.booting + numbers.active;
  const { needed = 0, hold = 0, dataAgeSeconds: age } = numbers;
  const wanted = clamp(Math.max(have, memory.wanted ?? 0, needed, hold), numbers);
  const ageSeconds = age === undefined ? {} : { ageSeconds: Math.round(age) };
  return {
    wanted,
    memory: withoutPending(memory),
    reasons: [{ code: 'NoLoadData', hold: wanted, ...ageSeconds }],
    // Bounds that the operator set win over missing data.
    mayShrink: snapshot.overrides.bounds !== undefined && have > numbers.max,
  };
}

function targetOfLoad(state: FleetState, numbers: LoadNumbers): Target {
  const have = numbers.booting + numbers.active;
  const enough = Math.max(numbers.needed, numbers.hold ?? 0);
  const bounded = clamp(Math.max(enough, Math.min(have, numbers.scaleInFloor)), numbers);
  const hearing = hearingOf(state);
  const { wanted, memory, reason } = withCooldown(bounded, have, state, hearing);
  return {
    wanted: clamp(wanted, numbers),
    memory,
    reasons: [
      explainDecision(numbers),
      ...(reason === undefined ? [] : [reason]),
      ...boundThatApplies(wanted, numbers),
    ],
    mayShrink: hearing.lately && (hearing.newestMinute || have > numbers.max),
  };
}

/** Which bound makes another number out of `count`, if any. */
function boundThatApplies(count: number, { min, max }: DecisionNumbers): readonly Reason[] {
  if (count > max) return [{ code: 'Bounded', by: 'max', bound: max }];
  return count < min ? [{ code: 'Bounded', by: 'min', bound: min }] : [];
}
