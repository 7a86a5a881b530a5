import { type CloudWatchClient, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';

import { dimensions, fleetMetrics, metricNamespace } from '../../lambdas/core/protocol/metrics';
import type { Recording } from '../../sim/replay/recording';
import { seriesOf, type Series } from '../../sim/replay/series';
import type { Point } from '../../sim/workload/trace';
import { WrongInput } from './wrong-input';

const fiveMinutes = 300;
const daySeconds = 86_400;

/** Bounds of what a participant may cost: beyond them the metrics are not what they should be. */
const believable = { least: 0.0005, most: 0.2 } as const;
const assumedStressPerParticipant = 0.01;

const names = {
  load: fleetMetrics.load,
  participants: fleetMetrics.participants,
  booting: fleetMetrics.bridgesBooting,
  active: fleetMetrics.bridgesActive,
  draining: fleetMetrics.bridgesDraining,
} as const;
type Name = keyof typeof names;

/** A recording, and where the cost of a participant is from. */
export interface CloudWatchRecording {
  readonly recording: Recording;
  readonly isStressMeasured: boolean;
}

/**
 * The fleet's last weeks out of CloudWatch: five-minute averages of what the scaler published.
 * @param now epoch seconds
 * @throws WrongInput when there is no load to replay
 */
export async function readCloudWatch(
  client: CloudWatchClient,
  { fleet, weeks, now }: { readonly fleet: string; readonly weeks: number; readonly now: number },
): Promise<CloudWatchRecording> {
  const end = Math.floor(now / fiveMinutes) * fiveMinutes;
  const points = await readAll(client, fleet, end - weeks * 7 * daySeconds, end);
  if (points.load.length < 2)
    throw new WrongInput(
      `CloudWatch has no load of fleet ${fleet} for the last ${weeks} weeks; check fleet, region and account, or use --trace`,
    );
  const ran = sumOf([points.booting, points.active, points.draining]);
  const wanted = sumOf([points.booting, points.active]);
  const measured = stressPerParticipant(points);
  return {
    recording: {
      load: seriesOf(points.load),
      ...(ran === undefined ? {} : { ran }),
      ...(wanted === undefined ? {} : { wanted }),
      stressPerParticipant: measured ?? assumedStressPerParticipant,
    },
    isStressMeasured: measured !== undefined,
  };
}

type Points = Readonly<Record<Name, readonly Point[]>>;

async function readAll(
  client: CloudWatchClient,
  fleet: string,
  from: number,
  to: number,
): Promise<Points> {
  const values: Record<Name, Point[]> = {
    load: [],
    participants: [],
    booting: [],
    active: [],
    draining: [],
  };
  const keys = Object.keys(values) as Name[];
  const pages = paginateGetMetricData(
    { client },
    {
      MetricDataQueries: keys.map((Id) => ({
        Id,
        MetricStat: {
          Metric: {
            Namespace: metricNamespace,
            MetricName: names[Id],
            Dimensions: [{ Name: dimensions.fleet, Value: fleet }],
          },
          Period: fiveMinutes,
          Stat: 'Average',
        },
      })),
      StartTime: new Date(from * 1000),
      EndTime: new Date(to * 1000),
      ScanBy: 'TimestampAscending',
    },
  );
  for await (const { MetricDataResults } of pages)
    for (const { Id, StatusCode, Timestamps = [], Values = [] } of MetricDataResults ?? []) {
      // The request as a whole succeeds all the same.
      if (StatusCode === 'InternalError' || StatusCode === 'Forbidden')
        throw new Error(`GetMetricData failed with ${StatusCode}`);
      for (const [index, timestamp] of Timestamps.entries()) {
        const value = Values[index];
        if (value !== undefined && value >= 0)
          values[Id as Name].push({ at: Math.round(timestamp.getTime() / 1000), value });
      }
    }
  return values;
}

/** Sum of what was published together; undefined when there are hardly any values. */
function sumOf(lists: readonly (readonly Point[])[]): Series | undefined {
  const sums = new Map<number, number>();
  for (const { at, value } of lists.flat()) sums.set(at, (sums.get(at) ?? 0) + value);
  const points = [...sums].map(([at, value]) => ({ at, value })).sort((a, b) => a.at - b.at);
  return points.length < 2 ? undefined : seriesOf(points);
}

/** Load ÷ participants over all minutes that have both. */
function stressPerParticipant({ load, participants }: Points): number | undefined {
  const people = new Map(participants.map(({ at, value }) => [at, value]));
  let loads = 0;
  let heads = 0;
  for (const { at, value } of load) {
    const present = people.get(at);
    if (present === undefined) continue;
    loads += value;
    heads += present;
  }
  const ratio = loads / heads;
  return ratio >= believable.least && ratio <= believable.most ? ratio : undefined;
}
