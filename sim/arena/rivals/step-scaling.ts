import type { Controller, ControllerOptions } from '../../controllers/controller';
import {
  AlarmCounts,
  fleetOf,
  meanStressOf,
  resize,
  setting,
  warmBridges,
} from '../../controllers/observed-fleet';

/** Percent of the warm size that is added, by how far the metric is above the threshold. */
const steps = [
  { above: 0.2, share: 0.4 },
  { above: 0.1, share: 0.2 },
  { above: 0, share: 0.1 },
] as const;

/**
 * AWS step scaling: three minutes in a row above `up` add 10, 20 or 40 percent, at least one;
 * fifteen below `down` remove 10 percent, at least one. Instances that warm up count as if they
 * were there already, and not in the metric.
 *
 * Settings: `up` 0.5, `down` 0.35, `warmUpSeconds` 300.
 */
export function createController(options: ControllerOptions): Controller {
  const up = setting(options.settings, 'up', 0.5);
  const down = setting(options.settings, 'down', 0.35);
  const warmUpSeconds = setting(options.settings, 'warmUpSeconds', 300);
  const alarm = new AlarmCounts(up, down);
  return {
    intervalSeconds: 60,
    decide(observation) {
      const fleet = fleetOf(observation);
      const warm = warmBridges(fleet, observation.now, warmUpSeconds);
      const metric = meanStressOf(warm, observation.now);
      alarm.add(metric);
      let desired = fleet.size;
      if (metric !== undefined && alarm.above >= 3) {
        const share = steps.find((step) => metric - up >= step.above)?.share ?? 0.1;
        // What is warming up already counts towards the step.
        desired = Math.max(fleet.size, warm.length + Math.max(1, Math.round(warm.length * share)));
      } else if (alarm.below >= 15 && warm.length === fleet.size) {
        desired = fleet.size - Math.max(1, Math.floor(fleet.size * 0.1));
        alarm.restartBelow();
      }
      desired = Math.min(options.max, Math.max(options.min, desired));
      return desired === fleet.size ? [] : resize(fleet, desired);
    },
  };
}
