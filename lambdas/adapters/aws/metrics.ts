import {
  GetMetricDataCommand,
  type CloudWatchClient,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import {
  bridgeMetrics,
  dimensions,
  fleetMetrics,
  metricNamespace,
} from '../../core/protocol/metrics';
import { bridgeName } from '../../core/protocol/xmpp-names';
import type { BridgeReport, LoadSample } from '../../core/model/snapshot';
import type { EpochSeconds } from '../../core/protocol/time';

/** CloudWatch could not read a metric now; an absent value would look like a silent bridge. */
export class MetricsUnreadableError extends Error {
  override readonly name = 'MetricsUnreadableError';
}

/** What the collector published, read back. All throw MetricsUnreadableError. */
export interface FleetMetrics {
  /** Minutes in which the collector published, oldest first. */
  heartbeats(since: EpochSeconds, now: EpochSeconds): Promise<readonly EpochSeconds[]>;
  /** Reports by instance id, oldest first; an instance without any is left out. */
  reports(
    instanceIds: readonly string[],
    since: EpochSeconds,
    now: EpochSeconds,
  ): Promise<ReadonlyMap<string, readonly BridgeReport[]>>;
  /**
   * Those of the instances that reported at any time since `since`; hour by hour, so `since` may
   * be long ago.
   */
  everReported(
    instanceIds: readonly string[],
    since: EpochSeconds,
    now: EpochSeconds,
  ): Promise<ReadonlySet<string>>;
  /**
   * 5-minute averages of the fleet's load that are complete, oldest first; four weeks are one page
   * of one request.
   */
  loads(since: EpochSeconds, now: EpochSeconds): Promise<readonly LoadSample[]>;
}

/** GetMetricData takes no more queries in one request. */
const queriesPerRequest = 500;
const minute = 60;
const hour = 3600;
const fiveMinutes = 300;

type Values = ReadonlyMap<EpochSeconds, number>;

export function fleetMetricsOf(client: CloudWatchClient, fleet: string): FleetMetrics {
  const read = (metrics: readonly Metric[], range: Range) =>
    readMetrics(client, fleet, metrics, range);
  return {
    async heartbeats(since, now) {
      const [values] = await read([{ name: fleetMetrics.bridgesReporting }], {
        since,
        now,
        period: minute,
      });
      return [...(values?.keys() ?? [])].sort((a, b) => a - b);
    },
    async reports(instanceIds, since, now) {
      const names = Object.values(bridgeMetrics);
      const metrics = instanceIds.flatMap((id) =>
        names.map((name): Metric => ({ name, bridge: bridgeName(id) })),
      );
      const values = await read(metrics, { since, now, period: minute });
      return new Map(
        instanceIds.flatMap((id, index) => {
          const of = (name: (typeof names)[number]) =>
            values[index * names.length + names.indexOf(name)] ?? new Map<number, number>();
          const reports = joinReports(
            of(bridgeMetrics.stress),
            of(bridgeMetrics.participants),
            of(bridgeMetrics.conferences),
            of(bridgeMetrics.draining),
          );
          return reports.length === 0 ? [] : [[id, reports] as const];
        }),
      );
    },
    async everReported(instanceIds, since, now) {
      const metrics = instanceIds.map((id) => ({
        name: bridgeMetrics.stress,
        bridge: bridgeName(id),
      }));
      const values = await read(metrics, { since, now, period: hour });
      return new Set(instanceIds.filter((_, index) => (values[index]?.size ?? 0) > 0));
    },
    async loads(since, now) {
      const load = { name: fleetMetrics.load, statistic: 'Average' } as const;
      const [values] = await read([load], { since, now, period: fiveMinutes });
      return [...(values ?? [])]
        .filter(([at]) => at + fiveMinutes <= now)
        .sort(([a], [b]) => a - b)
        .map(([at, value]) => ({ at, load: value }));
    },
  };
}

/**
 * A minute is a report when stress, participants and conferences are all there, real and not
 * negative.
 */
function joinReports(
  stress: Values,
  participants: Values,
  conferences: Values,
  draining: Values,
): readonly BridgeReport[] {
  return [...stress.keys()]
    .sort((a, b) => a - b)
    .flatMap((at) => {
      const stressRatio = sound(stress.get(at));
      const participantCount = sound(participants.get(at));
      const conferenceCount = sound(conferences.get(at));
      if (
        stressRatio === undefined ||
        participantCount === undefined ||
        conferenceCount === undefined
      )
        return [];
      const isDraining = (draining.get(at) ?? 0) > 0;
      return [{ minute: at, stressRatio, participantCount, conferenceCount, draining: isDraining }];
    });
}

function sound(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined;
}

interface Metric {
  readonly name: string;
  /** Absent for a metric of the whole fleet. */
  readonly bridge?: string;
  /** Default: `Maximum`. */
  readonly statistic?: 'Average';
}

interface Range {
  readonly since: EpochSeconds;
  readonly now: EpochSeconds;
  readonly period: number;
}

/** Maximum (or the metric's statistic) per period of each metric, in the order asked for. */
async function readMetrics(
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
