import { reportsOf } from '../adapters/aws/bridge-figures';
import type { BridgeInstance } from '../adapters/aws/ec2';
import { parseDrainTag } from '../core/protocol/drain-tag';
import { tagKeys } from '../core/protocol/tags';
import type { ObservedBridge } from '../core/model/snapshot';
import type { FleetEnv } from './env';
import type { HeardFleet } from './hear-fleet';

/** One instance of EC2's list, joined with what it reported. */
export function observedBridge(
  instance: BridgeInstance,
  env: FleetEnv,
  { figures, everReported }: HeardFleet,
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
    reports: reportsOf(figures.get(instanceId) ?? {}),
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
