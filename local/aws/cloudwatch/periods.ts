import { AwsError } from '../errors';
import { merge, type MetricId, type MetricStore } from './metric-store';
import { statistic } from './statistics';

/** A data point: start of its period in epoch seconds, and value. */
export type DataPoint = readonly [time: number, value: number];

/** Throws `ValidationError` unless a period is one that CloudWatch takes. */
export function checkPeriod(period: number): void {
  if ([1, 5, 10, 20, 30].includes(period)) return;
  if (Number.isInteger(period) && period >= 60 && period % 60 === 0 && period <= 86400) return;
  throw new AwsError(
    'ValidationError',
    `The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60, not ${period}`,
  );
}

/**
 * One statistic per period with data, oldest first. Periods start at multiples of the period from
 * `origin`; `start` counts in, `end` does not.
 */
export function pointsByPeriod(
  store: MetricStore,
  id: MetricId,
  stat: string,
  range: {
    readonly start: number;
    readonly end: number;
    readonly period: number;
    readonly origin: number;
  },
): readonly DataPoint[] {
  const { start, end, origin } = range;
  const period = Math.max(60, range.period);
  const groups = new Map<number, Parameters<typeof merge>[0][number][]>();
  for (const [time, observed] of store.read(id, start, end)) {
    const bucket = origin + Math.floor((time - origin) / period) * period;
    groups.set(bucket, [...(groups.get(bucket) ?? []), observed]);
  }
  return [...groups].flatMap(([time, parts]) => {
    const value = statistic(stat, merge(parts));
    return value === undefined ? [] : [[time, value] as const];
  });
}
