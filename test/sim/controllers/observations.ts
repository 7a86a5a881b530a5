import type {
  Action,
  Controller,
  ControllerOptions,
  ObservedBridge,
  Observation,
} from '../../../sim/controllers/controller';

/** A full hour. */
export const start = 1_800_000_000;

export function optionsOf(settings: ControllerOptions['settings'] = {}): ControllerOptions {
  return { min: 2, max: 20, isDrainReversible: true, overloadStress: 0.8, settings };
}

/** An old active bridge of that stress. */
export function activeOf(index: number, stress: number): ObservedBridge {
  return {
    id: `i-${index}`,
    phase: 'active',
    launchedAt: start - 7200,
    weight: 1,
    zone: 'zone-0',
    metrics: {
      at: start - 20,
      stress,
      participants: Math.round(stress * 100),
      conferences: 1,
      draining: false,
    },
  };
}

export function bootingOf(index: number): ObservedBridge {
  return { id: `i-${index}`, phase: 'booting', launchedAt: start - 30, weight: 1, zone: 'zone-0' };
}

export function observationOf(
  bridges: readonly ObservedBridge[],
  now: number,
  history: Observation['history'] = [],
): Observation {
  const fresh = bridges.map((bridge) =>
    bridge.metrics === undefined
      ? bridge
      : { ...bridge, metrics: { ...bridge.metrics, at: now - 20 } },
  );
  return { now, metricsAt: now - 20, bridges: fresh, history };
}

/**
 * Bridges that stay as they are, ticked for so long: all actions, with the seconds at which they
 * came.
 */
export function ticks(
  controller: Controller,
  bridges: readonly ObservedBridge[],
  seconds: number,
  history: Observation['history'] = [],
): readonly (readonly [second: number, action: Action])[] {
  const seen: (readonly [number, Action])[] = [];
  for (let second = 0; second < seconds; second += controller.intervalSeconds)
    for (const action of controller.decide(observationOf(bridges, start + second, history)))
      seen.push([second, action]);
  return seen;
}

/** As many bridges of the same stress. */
export function fleetOf(count: number, stress: number): readonly ObservedBridge[] {
  return Array.from({ length: count }, (_, index) => activeOf(index, stress));
}
