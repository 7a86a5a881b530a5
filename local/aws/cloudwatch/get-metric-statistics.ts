import { z } from 'zod';
import { AwsError } from '../errors';
import type { Handler } from '../handler';
import { parseInput, wireList, wireNumber, wireTime } from '../protocol/input';
import { dimensionsSchema, type CloudWatch } from './cloudwatch';
import { checkPeriod, pointsByPeriod } from './periods';

const input = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: dimensionsSchema,
  StartTime: wireTime,
  EndTime: wireTime,
  Period: wireNumber,
  Statistics: wireList(z.enum(['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'])),
  ExtendedStatistics: wireList(z.string()),
});

const mostPoints = 1440;

/** GetMetricStatistics: points in no promised order; periods count from StartTime. */
export function getMetricStatistics({ store }: CloudWatch): Handler {
  return ({ input: wire }) => {
    const request = parseInput(input, wire, 'InvalidParameterValue');
    const { Namespace, MetricName, Dimensions, Period, Statistics, ExtendedStatistics } = request;
    checkPeriod(Period);
    const start = Math.floor(request.StartTime.getTime() / 60_000) * 60;
    const end = request.EndTime.getTime() / 1000;
    if (start >= end) {
      throw new AwsError('InvalidParameterValue', 'StartTime must be less than EndTime.');
    }
    if ((end - start) / Period > mostPoints) {
      throw new AwsError(
        'InvalidParameterCombination',
        `You have requested up to ${Math.ceil((end - start) / Period)} datapoints, which exceeds the limit of ${mostPoints}.`,
      );
    }
    const id = { namespace: Namespace, name: MetricName, dimensions: Dimensions };
    const range = { start, end, period: Period, origin: start };
    const points = new Map<number, Record<string, unknown>>();
    const values = (stat: string) => pointsByPeriod(store, id, stat, range);
    const pointAt = (time: number): Record<string, unknown> => {
      const point = points.get(time) ?? { Timestamp: new Date(time * 1000), Unit: 'None' };
      points.set(time, point);
      return point;
    };
    for (const stat of Statistics) {
      for (const [time, value] of values(stat)) pointAt(time)[stat] = value;
    }
    for (const stat of ExtendedStatistics) {
      for (const [time, value] of values(stat)) {
        const point = pointAt(time);
        point['ExtendedStatistics'] = { ...(point['ExtendedStatistics'] ?? {}), [stat]: value };
      }
    }
    return { Label: MetricName, Datapoints: [...points.values()] };
  };
}
