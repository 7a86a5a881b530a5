import type { DecisionNumbers } from '../decide';
import type { EpochSeconds } from '../protocol/time';

/** The epoch began on a Thursday. */
const days = 'ThuFriSatSunMonTueWed';

/** `09:05 Mon`, UTC. */
export function clockTime(at: EpochSeconds): string {
  const minutes = Math.floor(at / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  const letter = 3 * (Math.floor(minutes / 1440) % 7);
  const day = days.slice(letter, letter + 3);
  return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)} ${day}`;
}

/** Why so many bridges are needed, for operators: `load 9.10, forecast 14.2 at 09:05 Mon needs 19, min 2, max 70`. */
export function factsOf(numbers: DecisionNumbers): string {
  const { load, needed, held, forecastLoad, forecastAt, min, max, hold } = numbers;
  const forecast =
    forecastLoad === undefined || forecastAt === undefined || forecastLoad <= (load ?? 0)
      ? ''
      : `, forecast ${forecastLoad.toFixed(2)} at ${clockTime(forecastAt)},`;
  const hour =
    held === undefined || needed === undefined || held <= needed
      ? ''
      : ` (${held} within the hour)`;
  const scheduled = hold === undefined ? '' : `, hold ${hold}`;
  return `load ${load?.toFixed(2) ?? '?'}${forecast} needs ${needed ?? '?'}${hour}${scheduled}, min ${min}, max ${max}`;
}
