import type { Controller, ControllerOptions, Observation } from '../../controllers/controller';
import { fleetOf, resize, setting } from '../../controllers/observed-fleet';

/**
 * The Jitsi project's own jitsi-autoscaler for bridge groups. Its metrics are buckets of
 * `scalePeriod` (60 s) with the mean stress; it grows by a fixed quantity when the newest
 * `scaleUpPeriodsCount` buckets are all at or above the upper threshold, shrinks when the newest
 * `scaleDownPeriodsCount` are all below the lower one, then waits for `gracePeriod`; while the
 * tracked number of bridges is not the desired one it waits too. Its drain is one-way.
 *
 * Settings (defaults: the values of Jitsi's production): `up` 0.3, `down` 0.1, `upPeriods` 2,
 * `downPeriods` 10, `quantity` 1, `graceSeconds` 600.
 */
export function createController(options: ControllerOptions): Controller {
  const value = (name: string, fallback: number) => setting(options.settings, name, fallback);
  const up = value('up', 0.3);
  const down = value('down', 0.1);
  const upPeriods = value('upPeriods', 2);
  const downPeriods = value('downPeriods', 10);
  const quantity = value('quantity', 1);
  const graceSeconds = value('graceSeconds', 600);
  const buckets = new Buckets(60, Math.max(upPeriods, downPeriods));
  let desired: number | undefined;
  let quietUntil = -Infinity;
  return {
    intervalSeconds: 30,
    decide(observation) {
      const { now } = observation;
      const fleet = fleetOf(observation);
      buckets.add(observation, fleet.meanStress);
      desired ??= fleet.size;
      if (fleet.size !== desired) {
        // A bridge that failed is launched again; the launcher works apart from the decision.
        return fleet.size < desired ? resize(fleet, desired) : [];
      }
      if (fleet.booting.length > 0 || now < quietUntil) return [];
      const previous = desired;
      if (buckets.newest(upPeriods)?.every((stress) => stress >= up) === true)
        desired = Math.min(options.max, desired + quantity);
      else if (buckets.newest(downPeriods)?.every((stress) => stress < down) === true)
        desired = Math.max(options.min, desired - quantity);
      if (desired === previous) return [];
      quietUntil = now + graceSeconds;
      return resize(fleet, desired);
    },
  };
}

/** Mean of a metric per period, newest first. */
class Buckets {
  private buckets: { readonly index: number; sum: number; count: number }[] = [];

  constructor(
    private readonly seconds: number,
    private readonly kept: number,
  ) {}

  add({ now }: Observation, value: number | undefined): void {
    if (value === undefined) return;
    const index = Math.floor(now / this.seconds);
    const [newest] = this.buckets;
    if (newest?.index === index) {
      newest.sum += value;
      newest.count += 1;
    } else
      this.buckets = [{ index, sum: value, count: 1 }, ...this.buckets].slice(0, this.kept + 1);
  }

  /** Values of the newest `count` periods, or undefined when there are not as many. */
  newest(count: number): readonly number[] | undefined {
    if (this.buckets.length < count) return undefined;
    return this.buckets.slice(0, count).map((bucket) => bucket.sum / bucket.count);
  }
}
