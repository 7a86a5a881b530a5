import { reportsOf } from '../adapters/aws/bridge-figures';
import type { BridgeInstance } from '../adapters/aws/ec2';
import type { FiguresAsked, FiguresByInstance, Heard } from '../adapters/aws/metrics';
import { tagKeys } from '../core/protocol/tags';
import type { EpochSeconds } from '../core/protocol/time';
import type { ReadPorts } from './ports';

/**
 * `needed`: stress of every bridge, the rest only of those where it decides; AWS charges for every
 * figure. `everything`: for people who look.
 */
export type Detail = 'needed' | 'everything';

export interface HeardFleet {
  readonly heartbeats: readonly EpochSeconds[];
  readonly figures: FiguresByInstance;
  /** Instances that reported at any time of their lives, also before the observed window. */
  readonly everReported: ReadonlySet<string>;
}

export interface Window {
  readonly since: EpochSeconds;
  readonly now: EpochSeconds;
}

type Metrics = Pick<ReadPorts, 'metrics'>;

/**
 * What the collector published of these instances. Usually one read: more only when bridges say
 * that they drain which are not drained by us, and when one is silent that is older than the
 * window.
 */
export async function hearFleet(
  ports: Metrics,
  instances: readonly BridgeInstance[],
  detail: Detail,
  window: Window,
): Promise<HeardFleet> {
  const ids = instances.map(({ instanceId }) => instanceId);
  const asked = detail === 'everything' ? all(ids) : neededOf(instances, window);
  const first = await ports.metrics.hear(asked, window.since, window.now);
  const { heartbeats } = first;
  const everReported = await reportedBefore(ports, instances, first.figures, window);
  const heard = { heartbeats, figures: first.figures, everReported };
  if (isEveryDrainKnown(first)) return heard;
  const others = ids.filter((id) => !asked.draining.includes(id));
  return hearFurther(ports, heard, { stress: [], calls: [], draining: others }, window);
}

/** Adds figures that were not asked for before. */
export async function hearFurther(
  ports: Metrics,
  heard: HeardFleet,
  asked: FiguresAsked,
  { since, now }: Window,
): Promise<HeardFleet> {
  const figures = new Map(heard.figures);
  for (const [id, more] of await ports.metrics.figures(asked, since, now))
    figures.set(id, { ...figures.get(id), ...more });
  return { ...heard, figures };
}

function all(ids: readonly string[]): FiguresAsked {
  return { stress: ids, calls: ids, draining: ids };
}

/**
 * People and conferences of bridges that drain, since they retire when empty, and of young ones,
 * whose stress says nothing while they are empty.
 */
function neededOf(instances: readonly BridgeInstance[], { since }: Window): FiguresAsked {
  const idsOf = (list: readonly BridgeInstance[]) => list.map(({ instanceId }) => instanceId);
  const drains = ({ tags }: BridgeInstance) => tags[tagKeys.drain] !== undefined;
  return {
    stress: idsOf(instances),
    calls: idsOf(instances.filter((one) => drains(one) || one.launchedAt >= since)),
    draining: idsOf(instances.filter(drains)),
  };
}

/** Whether the bridges that say that they drain are those that were asked about. */
function isEveryDrainKnown({ heartbeats, drainsReported, figures }: Heard): boolean {
  const newest = heartbeats.at(-1);
  // Nothing is published: there is nothing to read either.
  if (newest === undefined) return true;
  const known = [...figures.values()].filter(({ draining }) => (draining?.get(newest) ?? 0) > 0);
  return known.length === drainsReported;
}

/**
 * Only bridges that are older than the window and silent in it need a look at all of their life.
 */
async function reportedBefore(
  ports: Metrics,
  instances: readonly BridgeInstance[],
  figures: FiguresByInstance,
  { since, now }: Window,
): Promise<ReadonlySet<string>> {
  const reporting = [...figures].filter(([, found]) => reportsOf(found).length > 0);
  const heard = new Set(reporting.map(([id]) => id));
  const unknown = instances.filter(
    ({ instanceId, launchedAt }) => !heard.has(instanceId) && launchedAt < since,
  );
  if (unknown.length === 0) return heard;
  const oldest = Math.min(...unknown.map(({ launchedAt }) => launchedAt));
  const ids = unknown.map(({ instanceId }) => instanceId);
  const earlier = await ports.metrics.everReported(ids, oldest, now);
  return new Set([...heard, ...earlier]);
}
