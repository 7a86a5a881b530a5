import type { BridgeInstance } from '../adapters/aws/ec2';
import type { Collected } from '../core/protocol/collected';
import { parseDrainTag } from '../core/protocol/drain-tag';
import { capabilitiesOf } from '../core/protocol/generation';
import type { ReadingReason } from '../core/protocol/reason';
import { tagKeys } from '../core/protocol/tags';
import type { EpochSeconds } from '../core/protocol/time';
import { usableImage } from '../core/protocol/baked-image';
import { sanitizeSnapshot } from '../core/model/sanitize-snapshot';
import { parseMemory, type Memory } from '../core/model/memory';
import { parseOverrides } from '../core/model/overrides';
import type { BridgeReport, ObservedBridge, Snapshot } from '../core/model/snapshot';
import type { FleetEnv } from './env';
import type { ReadPorts } from './ports';

export interface Observation {
  readonly snapshot: Snapshot;
  readonly memory: Memory;
  /** What could not be read and was replaced by nothing; part of the decision's reasons. */
  readonly problems: readonly ReadingReason[];
}

/**
 * Reads EC2, CloudWatch and SSM; changes nothing.
 * @param collected what the collector told of the newest minute, if it did
 */
export async function observe(
  ports: ReadPorts,
  env: FleetEnv,
  collected?: Collected,
): Promise<Observation> {
  const now = ports.clock.now();
  const since = now - windowSeconds(env);
  const [instances, heartbeats, memoryText, overridesText, imageText, history] = await Promise.all([
    ports.instances.describe(),
    ports.metrics.heartbeats(since, now),
    ports.state.readMemory(),
    ports.state.readOverrides(),
    ports.state.readImage(),
    ports.history(now),
  ]);
  const reports = await ports.metrics.reports(
    instances.map(({ instanceId }) => instanceId),
    since,
    now,
  );
  const everReported = await reportedBefore(ports, instances, reports, since, now);
  const { memory, problem: memoryProblem } = parseMemory(memoryText);
  const { overrides, problem: overridesProblem } = parseOverrides(overridesText);
  const { imageId, problem: imageProblem } = usableImage(imageText, env.launch.imageRecipe);
  return {
    snapshot: sanitizeSnapshot({
      now,
      fleet: env.fleet,
      drainKind: capabilitiesOf(env.generation).drain,
      launch: env.launch,
      ...(imageId === undefined ? {} : { imageId }),
      heartbeats,
      ...heardFromOf(heartbeats, collected),
      bridges: instances.map((instance) =>
        observedBridge(instance, env, reports.get(instance.instanceId) ?? [], everReported),
      ),
      history: history.samples,
      overrides,
    }),
    memory,
    problems: [memoryProblem, overridesProblem, imageProblem, history.problem].filter(
      (problem) => problem !== undefined,
    ),
  };
}

/** Counts only when the data that it is about can be read. */
function heardFromOf(
  heartbeats: readonly EpochSeconds[],
  collected: Collected | undefined,
): Pick<Snapshot, 'heardFrom'> {
  if (collected === undefined || !heartbeats.includes(collected.minute)) return {};
  return { heardFrom: collected.heardFrom };
}

/** Ten minutes, or what the policy's longest look back needs. */
function windowSeconds({ policy }: FleetEnv): number {
  return Math.max(600, policy.emptySeconds + 180, policy.silentSeconds + 180, policy.staleSeconds);
}

/**
 * Only bridges that are older than the window and silent in it need a look at all of their life.
 */
async function reportedBefore(
  ports: ReadPorts,
  instances: readonly BridgeInstance[],
  reports: ReadonlyMap<string, readonly BridgeReport[]>,
  since: number,
  now: number,
): Promise<ReadonlySet<string>> {
  const unknown = instances.filter(
    ({ instanceId, launchedAt }) => !reports.has(instanceId) && launchedAt < since,
  );
  if (unknown.length === 0) return new Set(reports.keys());
  const oldest = Math.min(...unknown.map(({ launchedAt }) => launchedAt));
  const earlier = await ports.metrics.everReported(
    unknown.map(({ instanceId }) => instanceId),
    oldest,
    now,
  );
  return new Set([...reports.keys(), ...earlier]);
}

function observedBridge(
  instance: BridgeInstance,
  env: FleetEnv,
  reports: readonly BridgeReport[],
  everReported: ReadonlySet<string>,
): ObservedBridge {
  const { instanceId, state, instanceType, zone, subnetId, market, launchedAt, tags } = instance;
  const drainTag = tags[tagKeys.drain];
  const drain = drainTag === undefined ? undefined : parseDrainTag(drainTag, launchedAt);
  const suspectSince = timeOf(tags[tagKeys.suspect]);
  const protectUntil = timeOf(tags[tagKeys.protect]);
  const launchToken = tags[tagKeys.launch];
  return {
    instanceId,
    state,
    instanceType,
    zone,
    ...(subnetId === undefined ? {} : { subnetId }),
    market,
    launchedAt,
    weight: weightOf(tags[tagKeys.weight], instanceType, env),
    registered: tags[tagKeys.registered] !== undefined,
    ...(launchToken === undefined ? {} : { launchToken }),
    ...(drain === undefined ? {} : { drain }),
    ...(suspectSince === undefined ? {} : { suspectSince }),
    ...(protectUntil === undefined ? {} : { protectUntil }),
    reports,
    everReported: everReported.has(instanceId),
  };
}

function timeOf(text: string | undefined): number | undefined {
  const milliseconds = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

/** The tag, else what the launch settings say of the type, else one reference bridge. */
function weightOf(tag: string | undefined, instanceType: string, env: FleetEnv): number {
  const tagged = Number(tag);
  if (tag !== undefined && Number.isFinite(tagged) && tagged > 0) return tagged;
  return env.launch.instanceTypes.find(({ type }) => type === instanceType)?.weight ?? 1;
}
