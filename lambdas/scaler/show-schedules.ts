import { aheadOfSchedules } from '../core/demand/bounds';
import type { ScheduleStatus } from '../core/protocol/reply';
import { localTime, termsOf } from '../core/words/describe-schedules';
import type { Memory } from '../core/model/memory';
import type { Schedule } from '../core/schedules/schedule';
import { windowsOf, type Window } from '../core/schedules/schedule-windows';
import type { EpochSeconds } from '../core/protocol/time';
import { isoTime } from './iso-time';

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
  const when =
    state === 'open'
      ? `until ${localTime(schedule, window.closes)}`
      : `from ${localTime(schedule, window.opens)}`;
  return {
    name: schedule.name,
    text: `${termsOf(schedule)} ${when}`,
    from: isoTime(window.opens),
    until: isoTime(window.closes),
    state,
  };
}
