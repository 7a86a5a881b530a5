import type { Demand } from '../../workload/demand';
import type { Action, Controller, ControllerOptions } from '../../controllers/controller';
import { drainLeastLoaded, fleetOf, setting } from '../../controllers/observed-fleet';

/** What only the clairvoyant knows. */
export interface Foresight {
  readonly demand: Demand;
  /** Start of the demand's time, epoch seconds. */
  readonly startAt: number;
  readonly seatsPerBridge: number;
  readonly bootP95Seconds: number;
}

/**
 * C*, the yardstick: knows every participant to come. Active bridges for the maximum of [t, t +
 * boot p95]; shrinks only to the maximum of [t, t + hold]; undrains before it launches.
 *
 * Settings: `holdSeconds` 1800, `credit` 0 (share of the load on draining bridges that needs no
 * other), `fill` 1 (share of the seats that is planned with: placement never fills all bridges
 * evenly, so none with 1 stays below an overload of 0.05 %).
 */
export function createClairvoyant(options: ControllerOptions, foresight: Foresight): Controller {
  const holdSeconds = setting(options.settings, 'holdSeconds', 1800);
  const credit = setting(options.settings, 'credit', 0);
  const fill = setting(options.settings, 'fill', 1);
  const { demand, startAt, seatsPerBridge, bootP95Seconds } = foresight;
  return {
    intervalSeconds: 15,
    decide(observation) {
      const fleet = fleetOf(observation);
      const now = observation.now - startAt;
      const drainingLoad = fleet.draining.reduce(
        (sum, { metrics }) => sum + (metrics?.participants ?? 0),
        0,
      );
      const bridgesFor = (participants: number) =>
        Math.max(
          options.min,
          Math.ceil((participants - credit * drainingLoad) / (seatsPerBridge * fill)),
        );
      const soon = bridgesFor(demand.maximum(now, now + bootP95Seconds));
      if (soon > fleet.size) {
        const back = options.isDrainReversible
          ? [...fleet.draining]
              .sort((a, b) => (b.metrics?.participants ?? 0) - (a.metrics?.participants ?? 0))
              .slice(0, soon - fleet.size)
          : fleet.draining
              .filter(({ metrics }) => metrics?.participants === 0)
              .slice(0, soon - fleet.size);
        const missing = soon - fleet.size - back.length;
        const actions: Action[] = back.map(({ id }) => ({
          kind: options.isDrainReversible ? 'undrain' : 'recycle',
          id,
        }));
        return missing > 0 ? [...actions, { kind: 'launch', count: missing }] : actions;
      }
      const later = bridgesFor(demand.maximum(now, now + Math.max(holdSeconds, bootP95Seconds)));
      return drainLeastLoaded(fleet.active, fleet.active.length - Math.max(soon, later));
    },
  };
}
