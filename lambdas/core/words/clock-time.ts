import type { EpochSeconds } from '../protocol/time';
import { zoneOffset } from '../schedules/time-zone';

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

/** `18:00 Fri Europe/Berlin` */
export function localTime(zone: string, at: EpochSeconds): string {
  return `${clockTime(at + zoneOffset(zone, at))} ${zone}`;
}
