import { z } from 'zod';
import { AwsError } from '../errors';
import type { Handler } from '../handler';
import { parseInput, wireList, wireNumber, wireTime } from '../protocol/input';
import { dimensionsSchema, type CloudWatch } from './cloudwatch';
import type { Observations } from './metric-store';

const datum = z.object({
  MetricName: z.string().min(1).max(255),
  Dimensions: dimensionsSchema,
  Timestamp: wireTime.optional(),
  Value: wireNumber.optional(),
  StatisticValues: z
    .object({
      SampleCount: wireNumber,
      Sum: wireNumber,
      Minimum: wireNumber,
      Maximum: wireNumber,
    })
    .optional(),
  Values: wireList(wireNumber),
  Counts: wireList(wireNumber),
  Unit: z.string().optional(),
  StorageResolution: wireNumber.optional(),
});
type Datum = z.output<typeof datum>;

const input = z.object({ Namespace: z.string().min(1).max(255), MetricData: wireList(datum) });

const mostData = 1000;
const mostDimensions = 30;
const mostValues = 150;
const oldestMilliseconds = 14 * 86_400_000;
const newestMilliseconds = 2 * 3_600_000;

/** PutMetricData: all or nothing, and to be read some seconds later. */
export function putMetricData({ store, clock, delay = () => 0 }: CloudWatch): Handler {
  return ({ input: wire }) => {
    const { Namespace, MetricData } = parseInput(input, wire, 'InvalidParameterValue');
    if (MetricData.length > mostData) {
      throw new AwsError('ValidationError', `A request may have at most ${mostData} metrics.`);
    }
    if (Namespace.startsWith('AWS/')) {
      throw new AwsError(
        'InvalidParameterValue',
        'The value AWS/ for parameter Namespace is invalid.',
      );
    }
    const now = clock.now();
    const checked = MetricData.map((d) => ({
      datum: d,
      time: timestamp(d, now),
      observed: observations(d),
    }));
    const keep = (): void => {
      for (const { datum: d, time, observed } of checked) {
        const id = { namespace: Namespace, name: d.MetricName, dimensions: d.Dimensions };
        store.put(id, time.getTime() / 1000, observed);
      }
    };
    const milliseconds = delay();
    if (milliseconds === 0) keep();
    else void clock.sleep(milliseconds).then(keep);
    return {};
  };
}

function timestamp({ Timestamp, MetricName, Dimensions }: Datum, now: Date): Date {
  const time = Timestamp ?? now;
  const age = now.getTime() - time.getTime();
  if (age > oldestMilliseconds || -age > newestMilliseconds) {
    throw new AwsError(
      'InvalidParameterValue',
      `The parameter Timestamp of ${MetricName} must be between two weeks ago and two hours ahead.`,
    );
  }
  if (Dimensions.length > mostDimensions) {
    throw new AwsError(
      'InvalidParameterValue',
      `${MetricName} has more than ${mostDimensions} dimensions.`,
    );
  }
  return time;
}

function observations({ MetricName, Value, Values, Counts, StatisticValues }: Datum): Observations {
  if (StatisticValues !== undefined) {
    const { SampleCount, Sum, Minimum, Maximum } = StatisticValues;
    return { sum: Sum, count: SampleCount, minimum: Minimum, maximum: Maximum };
  }
  const all = Value === undefined ? Values : [Value];
  if (all.length === 0 || (Value !== undefined && Values.length > 0)) {
    throw new AwsError(
      Value === undefined ? 'MissingParameter' : 'InvalidParameterCombination',
      `${MetricName} must have exactly one of Value, Values and StatisticValues.`,
    );
  }
  if (all.length > mostValues || (Counts.length > 0 && Counts.length !== all.length)) {
    throw new AwsError('InvalidParameterValue', `Values and Counts of ${MetricName} do not fit.`);
  }
  if (!all.every((value) => Number.isFinite(value) && Math.abs(value) <= 2 ** 360)) {
    throw new AwsError(
      'InvalidParameterValue',
      `The value of ${MetricName} is not a number in range.`,
    );
  }
  const values = new Map<number, number>();
  all.forEach((value, index) => {
    values.set(value, (values.get(value) ?? 0) + (Counts[index] ?? 1));
  });
  return {
    sum: [...values].reduce((sum, [value, count]) => sum + value * count, 0),
    count: [...values.values()].reduce((sum, count) => sum + count, 0),
    minimum: Math.min(...values.keys()),
    maximum: Math.max(...values.keys()),
    values,
  };
}
