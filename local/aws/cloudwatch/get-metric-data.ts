import { z } from 'zod';
import { AwsError } from '../errors';
import type { Handler } from '../handler';
import { page } from '../paging';
import { parseInput, wireBoolean, wireList, wireNumber, wireTime } from '../protocol/input';
import { dimensionsSchema, type CloudWatch } from './cloudwatch';
import { evaluate, type Expression, parseExpression } from './metric-math';
import { checkPeriod, pointsByPeriod, type DataPoint } from './periods';

const query = z.object({
  Id: z.string().regex(/^[a-z][a-zA-Z0-9_]{0,254}$/, 'must start with a lower-case letter'),
  MetricStat: z
    .object({
      Metric: z.object({
        Namespace: z.string(),
        MetricName: z.string(),
        Dimensions: dimensionsSchema,
      }),
      Period: wireNumber,
      Stat: z.string(),
    })
    .optional(),
  Expression: z.string().optional(),
  Label: z.string().optional(),
  Period: wireNumber.optional(),
  ReturnData: wireBoolean.default(true),
});
type Query = z.output<typeof query>;

const input = z.object({
  MetricDataQueries: wireList(query),
  StartTime: wireTime,
  EndTime: wireTime,
  ScanBy: z.enum(['TimestampDescending', 'TimestampAscending']).default('TimestampDescending'),
  MaxDatapoints: wireNumber.default(100_800),
  NextToken: z.string().optional(),
});
type Input = z.output<typeof input>;

const mostQueries = 500;

/**
 * GetMetricData: statistics of metrics and simple metric math ({@link parseExpression}); no
 * SEARCH, no Metrics Insights.
 */
export function getMetricData({ store }: CloudWatch): Handler {
  return ({ input: wire }) => {
    const request = parseInput(input, wire, 'ValidationError');
    check(request);
    const { StartTime, EndTime, MetricDataQueries: queries } = request;
    // Start is rounded down to the period, as the API reference says; end is exclusive.
    const end = EndTime.getTime() / 1000;
    const series = new Map<string, ReadonlyMap<number, number>>();
    for (const { Id, MetricStat } of queries) {
      if (MetricStat === undefined) continue;
      const { Metric, Period, Stat } = MetricStat;
      checkPeriod(Period);
      const period = Math.max(60, Period);
      const start = Math.floor(StartTime.getTime() / 1000 / period) * period;
      const id = {
        namespace: Metric.Namespace,
        name: Metric.MetricName,
        dimensions: Metric.Dimensions,
      };
      series.set(Id, new Map(pointsByPeriod(store, id, Stat, { start, end, period, origin: 0 })));
    }
    for (const q of queries) {
      if (q.Expression !== undefined) series.set(q.Id, evaluate(expression(q), series));
    }
    const descending = request.ScanBy === 'TimestampDescending';
    const rows = queries
      .filter(({ ReturnData }) => ReturnData)
      .flatMap((q) => {
        const points: DataPoint[] = [...(series.get(q.Id) ?? [])].sort(([a], [b]) => a - b);
        return (descending ? points.reverse() : points).map((point) => ({ query: q, point }));
      });
    const { items, nextToken } = page(
      rows,
      request.MaxDatapoints,
      request.NextToken,
      'InvalidNextToken',
    );
    // More of the same query on the next page: its data is partial so far.
    const last = items.at(-1);
    const following = last === undefined ? undefined : rows[rows.indexOf(last) + 1];
    const partial = following?.query === last?.query ? last?.query : undefined;
    return {
      MetricDataResults: queries
        .filter(({ ReturnData }) => ReturnData)
        .map((q) => {
          const points = items.filter((row) => row.query === q).map(({ point }) => point);
          return {
            Id: q.Id,
            Label: q.Label ?? q.MetricStat?.Metric.MetricName ?? q.Id,
            Timestamps: points.map(([time]) => new Date(time * 1000)),
            Values: points.map(([, value]) => value),
            StatusCode: partial === q ? 'PartialData' : 'Complete',
          };
        }),
      NextToken: nextToken,
      Messages: [],
    };
  };
}

function expression({ Id, Expression: text = '' }: Query): Expression {
  try {
    return parseExpression(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AwsError('ValidationError', `Error in expression '${Id}': ${reason}`);
  }
}

function check({ MetricDataQueries: queries, StartTime, EndTime, MaxDatapoints }: Input): void {
  const problems: readonly [boolean, string][] = [
    [queries.length === 0, 'MetricDataQueries must not be empty'],
    [queries.length > mostQueries, `a request may have at most ${mostQueries} MetricDataQueries`],
    [StartTime >= EndTime, 'The parameter StartTime must be less than the parameter EndTime.'],
    [MaxDatapoints < 1 || MaxDatapoints > 100_800, 'MaxDatapoints must be between 1 and 100800'],
    [
      new Set(queries.map(({ Id }) => Id)).size !== queries.length,
      'The values of Id must be unique',
    ],
    [
      queries.some((q) => (q.MetricStat === undefined) === (q.Expression === undefined)),
      'a query must have exactly one of MetricStat and Expression',
    ],
    [queries.every(({ ReturnData }) => !ReturnData), 'at least one query must return data'],
  ];
  const found = problems.find(([wrong]) => wrong);
  if (found !== undefined) throw new AwsError('ValidationError', found[1]);
}
