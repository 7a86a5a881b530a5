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
  const of = (phase: ObservedBridge['phase']) =>
    observation.bridges.filter((bridge) => bridge.phase === phase);
  const active = of('active');
  const booting = of('booting');
  const meanStress = meanStressOf(active, observation.now);
  return {
    active,
    booting,
    draining: of('draining'),
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

/** Launches or drains until booting + active are `desired`; nothing is drained while bridges boot. */
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
