import type { Controller } from './controller';
import { fleetOf, resize } from './observed-fleet';

/**
 * As many bridges, booting and active, as a recording says for the time; where it says nothing,
 * those that are there.
 */
export function createRecorded(bridgesAt: (at: number) => number | undefined): Controller {
  return {
    intervalSeconds: 60,
    decide(observation) {
      const fleet = fleetOf(observation);
      const bridges = bridgesAt(observation.now);
      const wanted = bridges === undefined ? fleet.size : Math.round(bridges);
      return wanted === fleet.size ? [] : resize(fleet, wanted);
    },
  };
}
