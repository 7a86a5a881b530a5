import type { Controller, ControllerOptions } from '../../controllers/controller';
import { fleetOf, resize, setting } from '../../controllers/observed-fleet';

const tolerance = 0.1;

/**
 * Kubernetes' HorizontalPodAutoscaler with its defaults: every 15 s, desired = ⌈ready × mean ÷
 * target⌉ unless the ratio is within 10 % of 1; pods that are not ready count as idle when
 * growing; at most the double or 4 more per 15 s; the most that was wanted in the last 300 s holds
 * when shrinking. (https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/)
 *
 * Settings: `target` 0.5, `stabilizationSeconds` 300.
 */
export function createController(options: ControllerOptions): Controller {
  const target = setting(options.settings, 'target', 0.5);
  const stabilizationSeconds = setting(options.settings, 'stabilizationSeconds', 300);
  let wanted: { readonly at: number; readonly size: number }[] = [];
  return {
    intervalSeconds: 15,
    decide(observation) {
      const { now } = observation;
      const fleet = fleetOf(observation);
      const { meanStress, size } = fleet;
      const recommended =
        meanStress === undefined
          ? size
          : recommend(meanStress, target, fleet.active.length, fleet.booting.length);
      const bounded = Math.min(options.max, Math.max(options.min, recommended));
      wanted = [
        ...wanted.filter(({ at }) => at > now - stabilizationSeconds),
        { at: now, size: bounded },
      ];
      const stable = Math.max(...wanted.map((entry) => entry.size));
      const desired =
        bounded > size ? Math.min(bounded, Math.max(2 * size, size + 4)) : Math.min(size, stable);
      return desired === size ? [] : resize(fleet, desired);
    },
  };
}

function recommend(mean: number, target: number, ready: number, unready: number): number {
  const size = ready + unready;
  const ratio = mean / target;
  if (Math.abs(ratio - 1) <= tolerance) return size;
  if (unready === 0) return Math.ceil(ratio * ready - 1e-9);
  if (ratio < 1) return Math.ceil(ratio * ready - 1e-9);
  // Unready pods are taken for idle; if that turns the direction, nothing happens.
  const damped = (mean * ready) / size / target;
  return damped <= 1 + tolerance ? size : Math.ceil(damped * size - 1e-9);
}
