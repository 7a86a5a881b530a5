import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { bridgeMetrics, fleetMetrics } from '../../core/protocol/metrics';
import { bridgeName } from '../../core/protocol/xmpp-names';
import type { LoadSample } from '../../core/model/snapshot';
import type { EpochSeconds } from '../../core/protocol/time';
import type { BridgeFigures } from './bridge-figures';
import { readMetrics, type Metric, type Range, type Values } from './get-metric-data';

/** Which figures to read of which instances: AWS charges for each of them. */
export interface FiguresAsked {
  readonly stress: readonly string[];
  /** People and conferences. */
  readonly calls: readonly string[];
  readonly draining: readonly string[];
}

/** Figures by instance id; an instance of which nothing was asked is left out. */
export type FiguresByInstance = ReadonlyMap<string, BridgeFigures>;

/** What the collector published about the fleet and its bridges. */
export interface Heard {
  /** Minutes in which the collector published, oldest first. */
  readonly heartbeats: readonly EpochSeconds[];
  /** How many bridges say that they drain, by the newest heartbeat; undefined when not told. */
  readonly drainsReported: number | undefined;
  readonly figures: FiguresByInstance;
}

/** What the collector published, read back. All throw MetricsUnreadableError. */
export interface FleetMetrics {
  /** Minutes in which the collector published, oldest first. */
  heartbeats(since: EpochSeconds, now: EpochSeconds): Promise<readonly EpochSeconds[]>;
  /** Fleet and bridges in one request, up to 498 figures of bridges; more take further requests. */
  hear(asked: FiguresAsked, since: EpochSeconds, now: EpochSeconds): Promise<Heard>;
  /** Further figures of bridges. */
  figures(asked: FiguresAsked, since: EpochSeconds, now: EpochSeconds): Promise<FiguresByInstance>;
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

const minute = 60;
const hour = 3600;
const fiveMinutes = 300;

export function fleetMetricsOf(client: CloudWatchClient, fleet: string): FleetMetrics {
  const read = (metrics: readonly Metric[], range: Range) =>
    readMetrics(client, fleet, metrics, range);
  return {
    async heartbeats(since, now) {
      const [values] = await read([heartbeat], { since, now, period: minute });
      return minutesOf(values);
    },
    async hear(asked, since, now) {
      const wanted = wantedOf(asked);
      const metrics = [heartbeat, drains, ...wanted.map(({ metric }) => metric)];
      const [beats, drainCounts, ...rest] = await read(metrics, { since, now, period: minute });
      const heartbeats = minutesOf(beats);
      return {
        heartbeats,
        drainsReported: drainCounts?.get(heartbeats.at(-1) ?? NaN),
        figures: figuresOf(wanted, rest),
      };
    },
    async figures(asked, since, now) {
      const wanted = wantedOf(asked);
      const metrics = wanted.map(({ metric }) => metric);
      return figuresOf(wanted, await read(metrics, { since, now, period: minute }));
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

const heartbeat: Metric = { name: fleetMetrics.bridgesReporting };
const drains: Metric = { name: fleetMetrics.drainsReported };

function minutesOf(values: Values | undefined): readonly EpochSeconds[] {
  return [...(values?.keys() ?? [])].sort((a, b) => a - b);
}

type Figure = keyof BridgeFigures;

interface Wanted {
  readonly instanceId: string;
  readonly figure: Figure;
  readonly metric: Metric;
}

function wantedOf({ stress, calls, draining }: FiguresAsked): readonly Wanted[] {
  const of = (ids: readonly string[], figure: Figure) =>
    ids.map((instanceId): Wanted => {
      const metric = { name: bridgeMetrics[figure], bridge: bridgeName(instanceId) };
      return { instanceId, figure, metric };
    });
  return [
    ...of(stress, 'stress'),
    ...of(calls, 'participants'),
    ...of(calls, 'conferences'),
    ...of(draining, 'draining'),
  ];
}

function figuresOf(wanted: readonly Wanted[], values: readonly Values[]): FiguresByInstance {
  const figures = new Map<string, BridgeFigures>();
  for (const [index, { instanceId, figure }] of wanted.entries())
    figures.set(instanceId, {
      ...figures.get(instanceId),
      [figure]: values[index] ?? new Map<EpochSeconds, number>(),
    });
  return figures;
}
