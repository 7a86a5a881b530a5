import type { Memory } from '../model/memory';
import type { LaunchRequest } from '../model/action';
import type { Market, Snapshot } from '../model/snapshot';
import { launchTokenPrefix } from '../protocol/origin';

/** How long a pool that had no capacity is left out. */
export const refusalSeconds = 600;

/**
 * A request for `count` bridges with a token of its own. `onDemandNow`: on-demand bridges there
 * are.
 */
export function buildLaunch(
  snapshot: Snapshot,
  memory: Memory,
  count: number,
  onDemandNow: number,
): LaunchRequest {
  const { launch, now } = snapshot;
  const base = Math.min(count, Math.max(0, launch.onDemandBase - onDemandNow));
  const spotShare = spotIsShort(snapshot, memory) ? 0 : launch.spotPercent;
  const spotCount = Math.floor(((count - base) * spotShare) / 100);
  const imageId = imageToUse(snapshot, memory);
  const subnetIds = emptiestFirst(snapshot, memory);
  const excludedPools = poolsToAvoid(snapshot, memory, count > spotCount ? 'on-demand' : 'spot');
  const open = openSubnets(snapshot, excludedPools);
  const onDemandPerSubnet = spreadOver(subnetIds, open, snapshot, count - spotCount);
  return {
    token: launchToken(snapshot, memory),
    orderedAt: now,
    launchTemplateId: launch.launchTemplateId,
    launchTemplateVersion: launch.launchTemplateVersion,
    onDemandCount: count - spotCount,
    spotCount,
    instanceTypes: launch.instanceTypes,
    subnetIds,
    ...(onDemandPerSubnet === undefined ? {} : { onDemandPerSubnet }),
    excludedPools,
    ...(imageId === undefined ? {} : { imageId }),
  };
}

/** Spot gave less than asked for a short while ago, and on demand may take its place. */
function spotIsShort({ launch, now }: Snapshot, { spotShortUntil = 0 }: Memory): boolean {
  return launch.spotFallback !== 'never' && spotShortUntil > now;
}

/**
 * Subnets by the number of bridges in them, the emptiest first: EC2 takes them in the order of the
 * request, and one of them for a whole small order. Equal ones take turns, since EC2 may not list
 * the last launch yet.
 */
function emptiestFirst(snapshot: Snapshot, { sequence }: Memory): readonly string[] {
  const { subnetIds } = snapshot.launch;
  const turn = sequence % subnetIds.length;
  return [...subnetIds.slice(turn), ...subnetIds.slice(0, turn)].sort(
    (a, b) => bridgesIn(a, snapshot) - bridgesIn(b, snapshot),
  );
}

/**
 * How many of `count` bridges go to each subnet, one by one to the emptiest of the open ones.
 * @returns undefined when all go to the same one
 */
function spreadOver(
  subnetIds: readonly string[],
  open: ReadonlySet<string>,
  snapshot: Snapshot,
  count: number,
): readonly number[] | undefined {
  const zones = subnetIds.map((id) => ({ id, before: bridgesIn(id, snapshot), added: 0 }));
  const [first, ...others] = zones.filter(({ id }) => open.has(id));
  if (first === undefined) return undefined;
  for (let placed = 0; placed < count; placed++) {
    const fill = (zone: typeof first): number => zone.before + zone.added;
    others.reduce((best, zone) => (fill(zone) < fill(best) ? zone : best), first).added += 1;
  }
  return zones.filter(({ added }) => added > 0).length < 2
    ? undefined
    : zones.map(({ added }) => added);
}

/** Subnets where EC2 may have room for the type that is tried first. */
function openSubnets({ launch }: Snapshot, excludedPools: readonly string[]): ReadonlySet<string> {
  const openTo = launch.instanceTypes.map(({ type }) =>
    launch.subnetIds.filter((subnet) => !excludedPools.includes(`${type}/${subnet}`)),
  );
  return new Set(openTo.find((subnets) => subnets.length > 0));
}

function bridgesIn(subnet: string, { bridges }: Snapshot): number {
  return bridges.filter(({ subnetId, state }) => subnetId === subnet && isStaying.has(state))
    .length;
}

const isStaying: ReadonlySet<string> = new Set(['pending', 'running']);

/**
 * A prebaked image only saves time: after a boot that failed, and when EC2 refuses it, the
 * configured one is surer.
 */
function imageToUse({ imageId }: Snapshot, memory: Memory): string | undefined {
  return memory.breaker.failures > 0 || memory.refusedImage === imageId ? undefined : imageId;
}

/**
 * Time and sequence: unique even when memory was lost. At most 64 characters, EC2's limit; read
 * by `protocol/origin.ts`.
 */
function launchToken({ fleet, now }: Snapshot, memory: Memory): string {
  return `${launchTokenPrefix(fleet)}${Math.floor(now).toString(36)}-${memory.sequence.toString(36)}`;
}

/** The request must fit into memory, whatever the number of types and subnets. */
const mostPoolsLeftOut = 30;

/**
 * Pools that had no capacity lately, in order of preference; none when that would leave nothing to
 * try.
 */
function poolsToAvoid(snapshot: Snapshot, memory: Memory, market: Market): readonly string[] {
  const { launch, now } = snapshot;
  const pools = launch.instanceTypes.flatMap(({ type }) =>
    launch.subnetIds.map((subnet) => `${type}/${subnet}`),
  );
  const refused = pools.filter((pool) =>
    memory.refusals.some(
      (refusal) => refusal.pool === pool && refusal.market === market && refusal.until > now,
    ),
  );
  return refused.length === pools.length ? [] : refused.slice(0, mostPoolsLeftOut);
}

/** How many of a request EC2 already shows, told by the launch tag. */
export function visibleOf(request: LaunchRequest, snapshot: Snapshot): number {
  return snapshot.bridges.filter(({ launchToken }) => launchToken === request.token).length;
}
