import { weeklyTimes, type Schedule } from './schedule';
import { instantOf } from './time-zone';
import type { EpochSeconds } from '../protocol/time';

/** A time in which a schedule holds: from `opens`, up to and without `closes`. */
export interface Window {
  readonly opens: EpochSeconds;
  readonly closes: EpochSeconds;
}

const daySeconds = 86_400;

/** The longest window has a week, and the next one opens within a week. */
const daysAround = 9;

/** The last moment that a `Date` can tell, and some days less. */
const lastTime = 8.6e12;

const computed = new WeakMap<
  Schedule,
  { readonly day: number; readonly windows: readonly Window[] }
>();

/**
 * Windows of a schedule that are open or open within a week, oldest first; those that touch are
 * one. Where clocks change, a window opens at the earlier reading of `from` and closes at the
 * later one of `to`: it is never missed, and rather an hour longer than shorter. Kept with the
 * schedule for the day, since a tick asks every minute.
 */
export function windowsOf(schedule: Schedule, now: EpochSeconds): readonly Window[] {
  if (!(Math.abs(now) < lastTime)) return [];
  const day = Math.floor(now / daySeconds);
  const known = computed.get(schedule);
  const windows = known?.day === day ? known.windows : windowsAround(schedule, day);
  if (known?.day !== day) computed.set(schedule, { day, windows });
  return windows.filter(({ closes }) => closes > now);
}

function windowsAround(schedule: Schedule, today: number): readonly Window[] {
  const { zone } = schedule;
  const { days, fromMinute, toMinute, laterDays } = weeklyTimes(schedule);
  const windows: Window[] = [];
  for (let day = today - daysAround; day <= today + daysAround; day += 1) {
    // 1970-01-01 was a Thursday.
    if (!days.includes((((day + 3) % 7) + 7) % 7)) continue;
    const opens = instantOf(zone, day * daySeconds + fromMinute * 60, 'earlier');
    const closes = instantOf(zone, (day + laterDays) * daySeconds + toMinute * 60, 'later');
    const last = windows.at(-1);
    if (last === undefined || opens > last.closes) windows.push({ opens, closes });
    else windows[windows.length - 1] = { ...last, closes: Math.max(last.closes, closes) };
  }
  return windows;
}
