import { weekdayFactors } from './knobs';

export const hour = 3600;
export const day = 86_400;
export const week = 7 * day;

/** Monday, 2026-03-16 00:00 UTC: start of the scored week where the date does not matter. */
export const ordinaryMonday = Date.UTC(2026, 2, 16) / 1000;

/**
 * Expected rate of new conferences, 1 = the busiest time of a full working day. Time in epoch
 * seconds.
 */
export type Envelope = (at: number) => number;

/** Local time zone of the people: offset from UTC in seconds at a time. */
export type UtcOffset = (at: number) => number;

/**
 * The double-humped working day: a hump before and one after lunch, a little in the evening,
 * almost nothing at night. `holidays` are local days (number of days since the epoch) that go like
 * a Sunday.
 */
export function workingWeek(
  offset: UtcOffset = () => 0,
  holidays: readonly number[] = [],
): Envelope {
  return (at) => {
    const local = at + offset(at);
    const dayNumber = Math.floor(local / day);
    // 1970-01-01 was a Thursday.
    const weekday = (dayNumber + 3) % 7;
    const factor = holidays.includes(dayNumber)
      ? weekdayFactors[6]
      : (weekdayFactors[weekday] ?? 0);
    return factor * hourShape((local - dayNumber * day) / hour);
  };
}

function hourShape(hourOfDay: number): number {
  const hump = (center: number, width: number, height: number) =>
    height * Math.exp(-0.5 * ((hourOfDay - center) / width) ** 2);
  return 0.02 + hump(10.4, 1.45, 1) + hump(14.7, 1.6, 0.95) + hump(19.5, 1.4, 0.06);
}
