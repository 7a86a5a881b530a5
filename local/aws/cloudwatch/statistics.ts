import { AwsError } from '../errors';
import type { Observations } from './metric-store';

/**
 * Value of a statistic, or undefined where AWS has no data point for it. Throws `ValidationError`
 * for an unknown one.
 */
export function statistic(name: string, observed: Observations): number | undefined {
  switch (name) {
    case 'Average':
      return observed.sum / observed.count;
    case 'Sum':
      return observed.sum;
    case 'SampleCount':
      return observed.count;
    case 'Minimum':
      return observed.minimum;
    case 'Maximum':
      return observed.maximum;
  }
  const percent = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(name)?.[1];
  if (percent === undefined) {
    throw new AwsError('ValidationError', `The value ${name} for parameter Stat is not supported.`);
  }
  return percentile(Number(percent), observed);
}

/** Linear interpolation between the closest ranks. */
function percentile(percent: number, { values, count }: Observations): number | undefined {
  if (values === undefined) return undefined;
  const sorted = [...values].sort(([a], [b]) => a - b);
  const at = (index: number): number => {
    let seen = 0;
    for (const [value, times] of sorted) {
      seen += times;
      if (index < seen) return value;
    }
    return sorted.at(-1)?.[0] ?? NaN;
  };
  const position = (percent / 100) * (count - 1);
  const below = at(Math.floor(position));
  return below + (at(Math.ceil(position)) - below) * (position - Math.floor(position));
}
