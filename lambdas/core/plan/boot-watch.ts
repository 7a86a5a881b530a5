import type { FleetMember } from '../model/fleet-member';
import type { FleetState } from '../model/fleet-state';
import type { Memory } from '../model/memory';
import type { Reason } from '../protocol/reason';
import { failuresToOpen, openSeconds } from './breaker';

/** A launched instance may be missing from EC2's lists for this long (eventual consistency). */
export const invisibleSeconds = 180;

export interface BootWatch {
  readonly memory: Memory;
  /** Launched so lately that EC2 need not list them yet. */
  readonly invisibleCount: number;
  readonly reasons: readonly Reason[];
}

/**
 * Follows every launched bridge until its first report: that closes the breaker; a bridge that
 * vanished or was overdue before it counts as a failed boot.
 */
export function watchBoots({ members, snapshot: { now }, memory }: FleetState): BootWatch {
  const isYoung = (at: number): boolean => now - at < invisibleSeconds;
  const phases = new Map(members.map(({ bridge, phase }) => [bridge.instanceId, phase]));
  const watched = Object.entries(memory.booting);
  const isMissing = ([id]: readonly [string, number]) =>
    !phases.has(id) || phases.get(id) === 'gone';
  const isInvisible = ([id, at]: readonly [string, number]) => !phases.has(id) && isYoung(at);
  const invisible = watched.filter(isInvisible);
  const unlisted = Object.entries(memory.unlisted).filter(isInvisible);
  const launches = memory.launches.filter(({ at }) => isYoung(at));
  const failed = watched.filter(
    (entry) =>
      phases.get(entry[0]) === 'overdue' ||
      phases.get(entry[0]) === 'stopped' ||
      (isMissing(entry) && !invisible.includes(entry)),
  );
  const booted = watched.filter(([id]) => phases.get(id) === 'active');
  const failures = (booted.length > 0 ? 0 : memory.breaker.failures) + failed.length;
  const blockedUntil =
    failures < failuresToOpen
      ? undefined
      : failed.length > 0
        ? now + openSeconds
        : memory.breaker.blockedUntil;
  const stillBooting = members
    .filter(({ phase }) => phase === 'booting')
    .map(({ bridge }) => [bridge.instanceId, bridge.launchedAt] as const);
  return {
    memory: {
      ...memory,
      launches,
      unlisted: Object.fromEntries(unlisted),
      booting: someOf([...invisible, ...stillBooting], memory.booting),
      bootSeconds: [...memory.bootSeconds, ...bootTimes(members, booted)].slice(-keptBootTimes),
      breaker: { failures, ...(blockedUntil === undefined ? {} : { blockedUntil }) },
    },
    invisibleCount: unlisted.length + unlistedCount(launches, members),
    reasons: failed.map(([instanceId]) => ({ code: 'BootFailed', instanceId, inARow: failures })),
  };
}

/**
 * Boots that are watched at a time: enough to tell whether boots fail, and few enough for the
 * memory.
 */
const watchedBoots = 40;

/** Of many boots those that are watched already, then the first of the others. */
export function someOf(
  boots: readonly (readonly [string, number])[],
  watched: Memory['booting'],
): Record<string, number> {
  const known = boots.filter(([id]) => id in watched);
  const others = boots.filter(([id]) => !(id in watched));
  return Object.fromEntries([...known, ...others].slice(0, Math.max(known.length, watchedBoots)));
}

/**
 * Instances that EC2 has launched and does not list. One that it listed and that is gone counts
 * too, until its launch is old: that may hold a launch back, and never makes one too many.
 */
function unlistedCount(launches: Memory['launches'], members: readonly FleetMember[]): number {
  const listed = new Map<string, number>();
  for (const { bridge } of members)
    if (bridge.launchToken !== undefined)
      listed.set(bridge.launchToken, (listed.get(bridge.launchToken) ?? 0) + 1);
  return launches.reduce(
    (sum, { token, count }) => sum + Math.max(0, count - (listed.get(token) ?? 0)),
    0,
  );
}

/** Boot times that are remembered. */
const keptBootTimes = 8;

/** Seconds from launch to the end of the minute of the first report. */
function bootTimes(
  members: readonly FleetMember[],
  booted: readonly (readonly [string, number])[],
): readonly number[] {
  const ids = new Set(booted.map(([id]) => id));
  return members.flatMap(({ bridge: { instanceId, launchedAt, reports } }) => {
    const [first] = reports;
    if (first === undefined || !ids.has(instanceId)) return [];
    const seconds = first.minute + 60 - launchedAt;
    return seconds > 0 && seconds < 3600 ? [Math.round(seconds)] : [];
  });
}
