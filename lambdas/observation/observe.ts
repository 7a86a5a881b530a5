import type { BridgeInstance } from '../adapters/aws/ec2';
import type { Collected } from '../core/protocol/collected';
import { usableImage } from '../core/protocol/baked-image';
import { capabilitiesOf } from '../core/protocol/generation';
import { sortByOrigin } from '../core/protocol/origin';
import type { ReadingReason } from '../core/protocol/reason';
import type { EpochSeconds } from '../core/protocol/time';
import { parseMemory, type Memory } from '../core/model/memory';
import { parseOverrides } from '../core/model/overrides';
import { sanitizeSnapshot } from '../core/model/sanitize-snapshot';
import type { Snapshot } from '../core/model/snapshot';
import type { FleetEnv } from './env';
import { hearFleet, hearFurther, type Detail, type HeardFleet } from './hear-fleet';
import { observedBridge } from './observed-bridge';
import type { ReadPorts } from './ports';

export interface Observation {
  readonly snapshot: Snapshot;
  readonly memory: Memory;
  /**
   * What could not be read or believed and was replaced by nothing; part of the decision's
   * reasons.
   */
  readonly problems: readonly ReadingReason[];
  /** What the snapshot is made from, so that more of it can be read later. */
  readonly instances: readonly BridgeInstance[];
  readonly heard: HeardFleet;
}

/**
 * Reads EC2, CloudWatch and SSM; changes nothing.
 * @param collected what the collector told of the newest minute, if it did
 */
export async function observe(
  ports: ReadPorts,
  env: FleetEnv,
  detail: Detail = 'needed',
  collected?: Collected,
): Promise<Observation> {
  const now = ports.clock.now();
  const since = now - windowSeconds(env);
  const [listed, memoryText, overridesText, imageText, history] = await Promise.all([
    ports.instances.describe(),
    ports.state.readMemory(),
    ports.state.readOverrides(),
    ports.state.readImage(),
    ports.history(now),
  ]);
  const { ours: instances, foreign } = sortByOrigin(listed, env.fleet, env.origin);
  const heard = await hearFleet(ports, instances, detail, { since, now });
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
      heartbeats: heard.heartbeats,
      ...heardFromOf(heard.heartbeats, collected),
      bridges: instances.map((instance) => observedBridge(instance, env, heard)),
      history: history.samples,
      overrides,
    }),
    memory,
    problems: [
      ...[memoryProblem, overridesProblem, imageProblem, history.problem].filter(
        (problem) => problem !== undefined,
      ),
      ...foreign.map((instance) => ({ code: 'ForeignInstance', ...instance }) as const),
    ],
    instances,
    heard,
  };
}

/** The same observation with people and conferences of these bridges, which cost another read. */
export async function observeFurther(
  ports: ReadPorts,
  env: FleetEnv,
  observation: Observation,
  instanceIds: readonly string[],
): Promise<Observation> {
  const { snapshot, instances } = observation;
  const { now } = snapshot;
  const range = { since: now - windowSeconds(env), now };
  const asked = { stress: [], calls: instanceIds, draining: [] };
  const heard = await hearFurther(ports, observation.heard, asked, range);
  const bridges = instances.map((instance) => observedBridge(instance, env, heard));
  return { ...observation, heard, snapshot: sanitizeSnapshot({ ...snapshot, bridges }) };
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
