import type { LoadSample } from '../../../lambdas/core/model/snapshot';

export const week = 7 * 86_400;

/** A Monday of 2027, UTC. */
export function mondayAt(hour: number): number {
  return Date.UTC(2027, 0, 18, hour) / 1000;
}

/**
 * Load of an office: a hump of ten bridges from Monday to Friday, next to nothing at night and on
 * weekends.
 */
export function officeDay(at: number): number {
  const weekday = new Date(at * 1000).getUTCDay();
  const hour = (at % 86_400) / 3600;
  const height = weekday === 0 || weekday === 6 ? 0.5 : 10;
  return 0.1 + height * Math.exp(-0.5 * ((hour - 12) / 2.5) ** 2);
}

/** 5-minute means of {@link officeDay} up to `until`. */
export function historyOf(until: number, seconds: number): readonly LoadSample[] {
  const last = Math.floor(until / 300) - 1;
  const count = Math.floor(seconds / 300);
  return Array.from({ length: count }, (_, index) => {
    const at = (last - count + 1 + index) * 300;
    return { at, load: officeDay(at + 150) };
  });
}
