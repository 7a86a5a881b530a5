import type { ScheduleReason } from '../protocol/reason';
import { localTime } from './clock-time';

/** What a schedule sets: `min 2, max 40, hold 8`. */
export function termsOf({
  min,
  max,
  hold,
}: {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly hold?: number | undefined;
}): string {
  return Object.entries({ min, max, hold })
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key} ${value}`]))
    .join(', ');
}

/** `schedule office: hold 8 until 18:00 Fri Europe/Berlin`, in the schedule's own time. */
export function describeSchedule(reason: ScheduleReason): string {
  const { name, zone, state, at } = reason;
  const when =
    state === 'open'
      ? `until ${localTime(zone, at)}`
      : `from ${localTime(zone, at)}, launching ahead of it`;
  return `schedule ${name}: ${termsOf(reason)} ${when}${whatWins(reason)}`;
}

function whatWins({ overruledBy, maxInForce }: ScheduleReason): string {
  if (overruledBy === undefined) return '';
  const rivals = {
    scale: "the operator's scale overrides it",
    bounds: "the operator's bounds override it",
    max: `limited by max ${maxInForce}`,
  };
  return `; ${rivals[overruledBy]}`;
}
