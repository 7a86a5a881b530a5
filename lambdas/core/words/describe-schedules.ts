import type { Bounds } from '../demand/bounds';
import { clockTime } from './explain-decision';
import type { Schedule } from '../schedules/schedule';
import { zoneOffset } from '../schedules/time-zone';
import type { EpochSeconds } from '../protocol/time';
import type { Overrides } from '../model/snapshot';

/** What a schedule sets: `min 2, max 40, hold 8`. */
export function termsOf({ min, max, hold }: Schedule): string {
  return Object.entries({ min, max, hold })
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key} ${value}`]))
    .join(', ');
}

/**
 * A sentence per schedule that counts, for operators, in the schedule's own time:
 * `schedule office: hold 8 until 18:00 Fri Europe/Berlin`.
 */
export function describeSchedules(
  { schedules, max }: Bounds,
  overrides: Overrides,
): readonly string[] {
  return schedules.map(({ schedule, window, state }) => {
    const when =
      state === 'open'
        ? `until ${localTime(schedule, window.closes)}`
        : `from ${localTime(schedule, window.opens)}, ordered ahead`;
    return `schedule ${schedule.name}: ${termsOf(schedule)} ${when}${whatWins(schedule, max, overrides)}`;
  });
}

/** Says what keeps a schedule from having its way; nothing when nothing does. */
function whatWins(
  { min, max, hold }: Schedule,
  most: number,
  { scale, bounds }: Overrides,
): string {
  if (scale !== undefined) return "; the operator's number wins";
  const isOverruled =
    (bounds?.min !== undefined && min !== undefined) ||
    (bounds?.max !== undefined && (max !== undefined || (hold ?? 0) > bounds.max));
  if (isOverruled) return "; the operator's bounds win";
  return Math.max(min ?? 0, hold ?? 0) > most ? `; but max is ${most}` : '';
}

/** `18:00 Fri Europe/Berlin` */
export function localTime({ zone }: Schedule, at: EpochSeconds): string {
  return `${clockTime(at + zoneOffset(zone, at))} ${zone}`;
}
