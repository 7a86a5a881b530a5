import { leadSeconds } from '../model/lead-time';
import type { Memory } from '../model/memory';
import type { Policy } from '../model/policy';
import type { Schedule } from '../schedules/schedule';
import { windowsOf, type Window } from '../schedules/schedule-windows';
import type { EpochSeconds } from '../protocol/time';
import type { Overrides } from '../model/snapshot';

/** How many bridges policy, schedules and the operator allow and demand at a time. */
interface Limits {
  /** Never more than `max`. */
  readonly min: number;
  readonly max: number;
  /**
   * Bridges (booting + active) that are there at least; 0 when nothing holds any. Never more than
   * `max`.
   */
  readonly hold: number;
}

export interface Bounds extends Limits {
  /** Most of `min` and `hold` within the coming hour: the fleet does not shrink below. */
  readonly soon: number;
  readonly schedules: readonly ScheduleInForce[];
}

/** A schedule that counts now. */
export interface ScheduleInForce {
  readonly schedule: Schedule;
  readonly window: Window;
  /** `ahead`: not open yet, but bridges ordered now are ready when it opens. */
  readonly state: 'open' | 'ahead';
}

/** What is not ordered now is ordered a tick later. */
const tickSeconds = 60;

/**
 * How early bridges are ordered for a schedule: what the slowest of the last boots took, and one
 * tick.
 */
export function aheadOfSchedules(memory: Memory): number {
  return leadSeconds(memory) + tickSeconds;
}

/** What a schedule will ask for within this time is not drained before. */
const soonSeconds = 3600;

/**
 * Bounds that apply at `now`; `overrides` are the active ones. Schedules win over the policy, the
 * operator over both. Whatever lets the fleet grow (a schedule's higher min, hold or max) counts
 * `aheadSeconds` early, so that its bridges are ready in time; whatever makes it smaller counts at
 * its time. Of several open schedules the highest min, the highest hold and the lowest max count,
 * and of these the max: what a mistake can cost is bounded first.
 */
export function boundsInForce(
  policy: Policy,
  overrides: Overrides,
  now: EpochSeconds,
  aheadSeconds: number,
): Bounds {
  const horizon = now + Math.max(soonSeconds, aheadSeconds);
  const known = policy.schedules.map((schedule) => ({
    schedule,
    windows: windowsOf(schedule, now).filter(({ opens }) => opens <= horizon),
  }));
  const limitsAt = (at: EpochSeconds) => {
    const open = known.flatMap(({ schedule, windows }) =>
      windows.some(({ opens, closes }) => opens <= at && at < closes) ? [schedule] : [],
    );
    return withOverrides(limitsOf(policy, open), policy, overrides);
  };
  const changes = known.flatMap(({ windows }) =>
    windows.flatMap(({ opens, closes }) => [opens, closes]),
  );
  const within = (seconds: number) => [
    limitsAt(now),
    ...changes.filter((at) => at > now && at <= now + seconds).map(limitsAt),
  ];
  const ahead = within(aheadSeconds);
  return {
    min: Math.max(...ahead.map(({ min }) => min)),
    max: Math.max(...ahead.map(({ max }) => max)),
    hold: Math.max(...ahead.map(({ hold }) => hold)),
    soon: Math.max(...within(soonSeconds).map(({ min, hold }) => Math.max(min, hold))),
    schedules: known.flatMap(({ schedule, windows }) => {
      const window = windows.find(({ opens }) => opens <= now + aheadSeconds);
      if (window === undefined) return [];
      return [{ schedule, window, state: window.opens <= now ? 'open' : 'ahead' } as const];
    }),
  };
}

/** What policy and open schedules ask for. */
function limitsOf(policy: Policy, open: readonly Schedule[]): Limits {
  const given = (key: 'min' | 'max' | 'hold') =>
    open.flatMap((schedule) => (schedule[key] === undefined ? [] : [schedule[key]]));
  const [mins, maxes] = [given('min'), given('max')];
  return {
    min: mins.length === 0 ? policy.min : Math.max(...mins),
    max: maxes.length === 0 ? policy.max : Math.min(...maxes),
    hold: Math.max(0, ...given('hold')),
  };
}

function withOverrides(scheduled: Limits, policy: Policy, { scale, bounds }: Overrides): Limits {
  // The operator's number wins over a schedule: it keeps to the widest of what policy and
  // schedules allow.
  const min = scale === undefined ? scheduled.min : Math.min(scheduled.min, policy.min);
  const most = scale === undefined ? scheduled.max : Math.max(scheduled.max, policy.max);
  // So does the operator's min over a schedule's max, but not over the policy's.
  const max = bounds?.max ?? Math.max(most, Math.min(bounds?.min ?? 0, policy.max));
  return {
    min: Math.min(bounds?.min ?? min, max),
    max,
    hold: scale === undefined ? Math.min(scheduled.hold, max) : 0,
  };
}

/** Bounds that an operator's `scale` keeps to: schedules do not narrow it. */
export function scaleLimits(
  policy: Policy,
  overrides: Overrides,
  now: EpochSeconds,
): { readonly min: number; readonly max: number } {
  const scale = { to: 0, until: Infinity };
  const { min, max } = boundsInForce(policy, { ...overrides, scale }, now, 0);
  return { min, max };
}
