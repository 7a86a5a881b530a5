import type { Action, ObservedBridge, Observation } from './controller';

/** The bridges of an observation by phase, and the sums that most rules start from. */
export interface ObservedFleet {
  readonly active: readonly ObservedBridge[];
  readonly booting: readonly ObservedBridge[];
  readonly draining: readonly ObservedBridge[];
  /** Booting + active. */
  readonly size: number;
  /** Mean stress of the active bridges that have metrics; absent when none has. */
  readonly meanStress?: number;
}

/** Metrics older than this are missing data for every rule. */
const staleSeconds = 150;

export function fleetOf(observation: Observation): ObservedFleet {
  const active: ObservedBridge[] = [];
  const booting: ObservedBridge[] = [];
  const draining: ObservedBridge[] = [];
  for (const bridge of observation.bridges)
    (bridge.phase === 'active' ? active : bridge.phase === 'booting' ? booting : draining).push(
      bridge,
    );
  const meanStress = meanStressOf(active, observation.now);
  return {
    active,
    booting,
    draining,
    size: active.length + booting.length,
    ...(meanStress === undefined ? {} : { meanStress }),
  };
}

export function meanStressOf(bridges: readonly ObservedBridge[], now: number): number | undefined {
  let sum = 0;
  let count = 0;
  for (const { metrics } of bridges) {
    if (metrics === undefined || now - metrics.at > staleSeconds) continue;
    sum += metrics.stress;
    count += 1;
  }
  return count === 0 ? undefined : sum / count;
}

/** Active bridges that are there for `warmUpSeconds`: AWS leaves the others out of the metric. */
export function warmBridges(
  { active }: ObservedFleet,
  now: number,
  warmUpSeconds: number,
): readonly ObservedBridge[] {
  return active.filter(({ launchedAt }) => now - launchedAt >= warmUpSeconds);
}

/**
 * An alarm of CloudWatch's kind: for how many points in a row the metric was above and below its
 * thresholds.
 */
export class AlarmCounts {
  above = 0;
  below = 0;

  constructor(
    private readonly high: number,
    private readonly low: number,
  ) {}

  /** A missing metric ends both rows. */
  add(metric: number | undefined): void {
    this.above = metric !== undefined && metric > this.high ? this.above + 1 : 0;
    this.below = metric !== undefined && metric < this.low ? this.below + 1 : 0;
  }

  /** What was asked for by the row below has been done: it counts anew. */
  restartBelow(): void {
    this.below = 0;
  }
}

/** Drains of the `count` least loaded active bridges: what all rivals are given. */
export function drainLeastLoaded(
  active: readonly ObservedBridge[],
  count: number,
): readonly Action[] {
  const participants = (bridge: ObservedBridge) => bridge.metrics?.participants ?? 0;
  return [...active]
    .sort((a, b) => participants(a) - participants(b) || a.launchedAt - b.launchedAt)
    .slice(0, Math.max(0, count))
    .map(({ id }) => ({ kind: 'drain', id }));
}

/**
 * Launches or drains until booting + active are `desired`; nothing is drained while bridges boot.
 */
export function resize(fleet: ObservedFleet, desired: number): readonly Action[] {
  if (desired > fleet.size) return [{ kind: 'launch', count: desired - fleet.size }];
  return drainLeastLoaded(fleet.active, Math.min(fleet.size - desired, fleet.active.length - 1));
}

/** A setting by name. */
export function setting(
  settings: Readonly<Record<string, number>>,
  name: string,
  fallback: number,
): number {
  return settings[name] ?? fallback;
}
