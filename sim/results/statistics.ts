import { Random } from '../workload/random';

/** Quantile of ascending values by linear interpolation; 0 when there are none. */
export function quantile(ascending: readonly number[] | Float64Array, share: number): number {
  const position = (ascending.length - 1) * share;
  const below = ascending[Math.max(0, Math.floor(position))] ?? 0;
  const above = ascending[Math.max(0, Math.ceil(position))] ?? below;
  return below + (above - below) * (position - Math.floor(position));
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A mean and the 95 % interval of it. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

const resamples = 2000;

/**
 * Percentile bootstrap (Efron) of the mean over seeds; the same values always give the same
 * interval.
 */
export function bootstrap(values: readonly number[]): Estimate {
  const random = new Random(values.length, 'bootstrap');
  const means = Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let index = 0; index < values.length; index += 1)
      sum += values[random.integer(values.length)] ?? 0;
    return sum / Math.max(1, values.length);
  }).sort((a, b) => a - b);
  return { mean: mean(values), low: quantile(means, 0.025), high: quantile(means, 0.975) };
}
