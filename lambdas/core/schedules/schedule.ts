import { z } from 'zod';
import { isTimeZone } from './time-zone';

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** The scaler gets them in an environment variable; Lambda allows 4 KB for all variables. */
export const mostSchedules = 10;

const day = `(?:(?:${weekdays.join('|')}) )?`;
const clock = '(?:[01]\\d|2[0-3]):[0-5]\\d';
const time = (pattern: string, form: string) =>
  z.string({ error: `must be ${form}` }).regex(new RegExp(`^${pattern}$`), `must be ${form}`);
const count = (text: string) => z.number().int().min(0).optional().describe(text);

/** A weekly window in local time, and the bounds that apply while it is open. */
export const scheduleSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 lowercase letters, digits and hyphens')
    .describe('Name of the schedule in reasons and in `jitsi-bridges status`.'),
  days: z
    .array(z.enum(weekdays, { error: `must be one of ${weekdays.join(', ')}` }))
    .min(1, { error: 'must have at least one day; remove the key for every day' })
    .optional()
    .describe('Days on which the window opens: `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`.')
    .meta({ unset: 'every day' }),
  from: time(
    `${day}${clock}`,
    'a time, for example 08:45, or a day and a time, for example fri 18:00',
  ).describe(
    'Local time at which the window opens, for example `08:45`; or day and time, for example `fri 18:00`, instead of `days`.',
  ),
  to: time(
    `${day}(?:${clock}|24:00)`,
    'a time up to 24:00, for example 18:00, or a day and a time, for example mon 06:00',
  ).describe(
    'Local time at which the window closes, for example `18:00`; on the next day if it is not later than `from`. Day and time, for example `mon 06:00`, if `from` has a day.',
  ),
  zone: z
    .string()
    .refine(isTimeZone, {
      error: 'must be UTC or a time zone of the IANA database, for example Europe/Berlin',
    })
    .describe(
      'Time zone of `from` and `to` as in the IANA database, for example `Europe/Berlin`. Daylight saving time is taken into account.',
    ),
  min: count(
    'Minimum number of bridges while the window is open, instead of `policy.min`; may be higher or lower.',
  ).meta({ unset: '`policy.min`' }),
  max: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe(
      'Maximum number of bridges while the window is open, instead of `policy.max`; may be higher or lower.',
    )
    .meta({ unset: '`policy.max`' }),
  hold: count(
    'Run at least this many bridges (booting + active) while the window is open, whatever `min` is.',
  ),
});

/** A schedule as it is configured. */
export type Schedule = Readonly<z.infer<typeof scheduleSchema>>;

/** When a schedule opens and closes, by local time. */
export interface WeeklyTimes {
  /** Monday is 0. */
  readonly days: readonly number[];
  /** Minutes after midnight at which it opens, and at which it closes so many days later. */
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly laterDays: number;
}

export function weeklyTimes(schedule: Schedule): WeeklyTimes {
  const from = dayAndMinute(schedule.from);
  const to = dayAndMinute(schedule.to);
  const isLater = to.minute > from.minute;
  const times = { fromMinute: from.minute, toMinute: to.minute };
  if (from.day === undefined || to.day === undefined) {
    const days = (schedule.days ?? weekdays).map((name) => weekdays.indexOf(name));
    return { ...times, days, laterDays: isLater ? 0 : 1 };
  }
  const between = (to.day - from.day + 7) % 7;
  return { ...times, days: [from.day], laterDays: between === 0 && !isLater ? 7 : between };
}

function dayAndMinute(text: string): { readonly day?: number; readonly minute: number } {
  const minute = Number(text.slice(-5, -3)) * 60 + Number(text.slice(-2));
  const index = weekdays.findIndex((name) => text.startsWith(name));
  return index < 0 ? { minute } : { day: index, minute };
}
