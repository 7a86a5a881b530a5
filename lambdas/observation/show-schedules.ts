import { aheadOfSchedules } from '../core/demand/bounds';
import type { Memory } from '../core/model/memory';
import type { ScheduleStatus } from '../core/protocol/reply';
import { isoTime, type EpochSeconds } from '../core/protocol/time';
import type { Schedule } from '../core/schedules/schedule';
import { windowsOf, type Window } from '../core/schedules/schedule-windows';
import { localTime } from '../core/words/clock-time';
import { termsOf } from '../core/words/describe-schedule';

/** Schedules that count now, and the one that comes next. */
export function showSchedules(
  schedules: readonly Schedule[],
  now: EpochSeconds,
  memory: Memory,
): readonly ScheduleStatus[] {
  const windows = schedules
    .flatMap((schedule) => windowsOf(schedule, now).map((window) => ({ schedule, window })))
    .sort((a, b) => a.window.opens - b.window.opens);
  const startsToCount = now + aheadOfSchedules(memory);
  const counting = windows.filter(({ window }) => window.opens <= startsToCount);
  const next = windows.find(({ window }) => window.opens > startsToCount);
  return [
    ...counting.map(({ schedule, window }) =>
      statusOf(schedule, window, window.opens <= now ? 'open' : 'ahead'),
    ),
    ...(next === undefined ? [] : [statusOf(next.schedule, next.window, 'next')]),
  ];
}

function statusOf(
  schedule: Schedule,
  window: Window,
  state: ScheduleStatus['state'],
): ScheduleStatus {
  const { name, min, max, hold, zone } = schedule;
  const when =
    state === 'open'
      ? `until ${localTime(zone, window.closes)}`
      : `from ${localTime(zone, window.opens)}`;
  return {
    name,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(hold === undefined ? {} : { hold }),
    text: `${termsOf(schedule)} ${when}`,
    from: isoTime(window.opens),
    until: isoTime(window.closes),
    state,
  };
}
