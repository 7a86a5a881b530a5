import { weekdays, weeklyTimes, type Schedule } from './schedule';

/** A fault in a list of schedules: which schedule, which key, what to do. */
export interface ScheduleFault {
  readonly index: number;
  readonly key: keyof Schedule;
  readonly message: string;
}

interface Limits {
  readonly min: number;
  readonly max: number;
}

/** What is wrong with schedules that are well-formed one by one. */
export function scheduleFaults(
  schedules: readonly Schedule[],
  policy: Limits,
): readonly ScheduleFault[] {
  return schedules.flatMap((schedule, index) => [
    ...timeFaults(schedule).map((fault) => ({ index, ...fault })),
    ...limitFaults(schedule, policy).map((fault) => ({ index, ...fault })),
    ...nameFaults(schedule, schedules.slice(0, index)).map((fault) => ({ index, ...fault })),
    ...schedules
      .filter((_, other) => other !== index)
      .flatMap((other) => conflicts(schedule, other))
      .map((fault) => ({ index, ...fault })),
  ]);
}

type Fault = Omit<ScheduleFault, 'index'>;

function timeFaults({ days, from, to }: Schedule): readonly Fault[] {
  const withDay = [from, to].filter((text) => text.includes(' ')).length;
  if (withDay === 1)
    return [{ key: 'to', message: 'name a day in both from and to, or in neither and use days' }];
  if (withDay === 2 && days !== undefined)
    return [{ key: 'days', message: 'remove it: from and to name their days' }];
  if (from === to)
    return [{ key: 'to', message: 'is the same as from; a whole day is from 00:00 to 24:00' }];
  return [];
}

function limitFaults(schedule: Schedule, policy: Limits): readonly Fault[] {
  const { min, max, hold } = schedule;
  if (min === undefined && max === undefined && hold === undefined)
    return [{ key: 'min', message: 'set at least one of min, max and hold' }];
  const [most, whose] = max === undefined ? [policy.max, 'policy.max'] : [max, 'max'];
  const fix =
    max === undefined ? 'lower it, or set a max for the schedule' : 'lower it, or raise max';
  const above = (key: 'min' | 'hold', value: number | undefined): readonly Fault[] =>
    value === undefined || value <= most
      ? []
      : [{ key, message: `${value} is more than ${whose} ${most}; ${fix}` }];
  const below: readonly Fault[] =
    max !== undefined && min === undefined && max < policy.min
      ? [
          {
            key: 'max',
            message: `${max} is less than policy.min ${policy.min}; raise it, or set a min for the schedule`,
          },
        ]
      : [];
  return [...above('min', min), ...above('hold', hold), ...below];
}

function nameFaults({ name }: Schedule, earlier: readonly Schedule[]): readonly Fault[] {
  return earlier.some((other) => other.name === name)
    ? [{ key: 'name', message: `${name} is used twice; give each schedule its own name` }]
    : [];
}

/**
 * Two windows of one zone that are open together although one wants more than the other allows.
 * What different zones do to each other changes with their summer times, so that is left to the
 * time when it happens: the lower max wins.
 */
function conflicts(schedule: Schedule, other: Schedule): readonly Fault[] {
  const { min = 0, hold = 0, zone } = schedule;
  const { max } = other;
  if (max === undefined || zone !== other.zone || Math.max(min, hold) <= max) return [];
  if (timeFaults(schedule).length > 0 || timeFaults(other).length > 0) return [];
  if (!overlap(schedule, other)) return [];
  const key = min > max ? 'min' : 'hold';
  return [
    {
      key,
      message: `${Math.max(min, hold)} is more than max ${max} of ${other.name}, which is open at the same time; change one of the two, or their times`,
    },
  ];
}

const dayMinutes = 1440;
const weekMinutes = weekdays.length * dayMinutes;

function overlap(one: Schedule, other: Schedule): boolean {
  return openingsOf(one).some((a) =>
    openingsOf(other).some((b) =>
      [-weekMinutes, 0, weekMinutes].some(
        (shift) => a.opens < b.closes + shift && b.opens + shift < a.closes,
      ),
    ),
  );
}

/** Minutes of the week, not wrapped at its end. */
function openingsOf(
  schedule: Schedule,
): readonly { readonly opens: number; readonly closes: number }[] {
  const { days, fromMinute, toMinute, laterDays } = weeklyTimes(schedule);
  return days.map((day) => ({
    opens: day * dayMinutes + fromMinute,
    closes: (day + laterDays) * dayMinutes + toMinute,
  }));
}
