import {
  GetMetricDataCommand,
  type CloudWatchClient,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { dimensions, metricNamespace } from '../../core/protocol/metrics';
import type { EpochSeconds } from '../../core/protocol/time';

/** CloudWatch could not read a metric now; an absent value would look like a silent bridge. */
export class MetricsUnreadableError extends Error {
  override readonly name = 'MetricsUnreadableError';
}

/** GetMetricData takes no more queries in one request. */
const queriesPerRequest = 500;

/** Values of a metric by the start of their period. */
export type Values = ReadonlyMap<EpochSeconds, number>;

export interface Metric {
  readonly name: string;
  /** Absent for a metric of the whole fleet. */
  readonly bridge?: string;
  /** Default: `Maximum`. */
  readonly statistic?: 'Average';
}

export interface Range {
  readonly since: EpochSeconds;
  readonly now: EpochSeconds;
  readonly period: number;
}

/**
 * Maximum (or the metric's statistic) per period of each metric, in the order asked for. AWS
 * charges for every metric that is asked for, whether it has values or not.
 * @throws MetricsUnreadableError
 */
export async function readMetrics(
  client: CloudWatchClient,
  fleet: string,
  metrics: readonly Metric[],
  range: Range,
): Promise<readonly Values[]> {
  const values: Values[] = [];
  for (let start = 0; start < metrics.length; start += queriesPerRequest) {
    const chunk = metrics.slice(start, start + queriesPerRequest);
    values.push(...(await readChunk(client, fleet, chunk, range)));
  }
  return values;
}

async function readChunk(
  client: CloudWatchClient,
  fleet: string,
  metrics: readonly Metric[],
  { since, now, period }: Range,
): Promise<readonly Values[]> {
  const values = metrics.map(() => new Map<EpochSeconds, number>());
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: metrics.map((metric, index) =>
          queryOf(`m${index}`, fleet, metric, period),
        ),
        // Whole periods: CloudWatch answers faster, and the first one is not cut.
        StartTime: new Date(Math.floor(since / period) * period * 1000),
        // The end is exclusive; the period under way counts.
        EndTime: new Date((Math.floor(now / period) + 1) * period * 1000),
        ScanBy: 'TimestampAscending',
        NextToken,
      }),
    );
    for (const result of page.MetricDataResults ?? []) {
      // The request as a whole succeeds all the same. PartialData only means that another page
      // follows.
      if (result.StatusCode === 'InternalError' || result.StatusCode === 'Forbidden')
        throw new MetricsUnreadableError(`GetMetricData failed with ${result.StatusCode}`);
      const target = values[Number(result.Id?.slice(1))];
      result.Timestamps?.forEach((timestamp, index) => {
        const value = result.Values?.[index];
        if (value !== undefined) target?.set(Math.floor(timestamp.getTime() / 1000), value);
      });
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined && NextToken !== '');
  return values;
}

function queryOf(id: string, fleet: string, metric: Metric, period: number): MetricDataQuery {
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: metricNamespace,
        MetricName: metric.name,
        Dimensions: [
          { Name: dimensions.fleet, Value: fleet },
          ...(metric.bridge === undefined
            ? []
            : [{ Name: dimensions.bridge, Value: metric.bridge }]),
        ],
      },
      Period: period,
      Stat: metric.statistic ?? 'Maximum',
    },
    ReturnData: true,
  };
}
