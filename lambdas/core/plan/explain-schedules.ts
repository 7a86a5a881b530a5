import type { Bounds } from '../demand/bounds';
import type { Overrides } from '../model/snapshot';
import type { ScheduleReason } from '../protocol/reason';
import type { Schedule } from '../schedules/schedule';

/** A reason per schedule that counts, and what keeps it from having its way. */
export function explainSchedules(
  { schedules, max }: Bounds,
  overrides: Overrides,
): readonly ScheduleReason[] {
  return schedules.map(({ schedule, window, state }) => {
    const { name, zone, min, max: ownMax, hold } = schedule;
    const overruledBy = whatWins(schedule, max, overrides);
    return {
      code: 'Schedule',
      name,
      ...(min === undefined ? {} : { min }),
      ...(ownMax === undefined ? {} : { max: ownMax }),
      ...(hold === undefined ? {} : { hold }),
      zone,
      state,
      at: state === 'open' ? window.closes : window.opens,
      ...(overruledBy === undefined ? {} : { overruledBy }),
      maxInForce: max,
    };
  });
}

function whatWins(
  { min, max, hold }: Schedule,
  maxInForce: number,
  { scale, bounds }: Overrides,
): ScheduleReason['overruledBy'] {
  if (scale !== undefined) return 'scale';
  const isOverruled =
    (bounds?.min !== undefined && min !== undefined) ||
    (bounds?.max !== undefined && (max !== undefined || (hold ?? 0) > bounds.max));
  if (isOverruled) return 'bounds';
  return Math.max(min ?? 0, hold ?? 0) > maxInForce ? 'max' : undefined;
}
