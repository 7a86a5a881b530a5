import type { Controller, ControllerOptions } from './controller';
import { fleetOf, setting } from './observed-fleet';

/** As many bridges as the peak needs (`settings.bridges`), always. */
export function createController(options: ControllerOptions): Controller {
  const bridges = setting(options.settings, 'bridges', options.max);
  return {
    intervalSeconds: 60,
    decide(observation) {
      const { size } = fleetOf(observation);
      return size < bridges ? [{ kind: 'launch', count: bridges - size }] : [];
    },
  };
}
