import type { Policy } from '../model/policy';
import { noReserve } from './reserve';

/**
 * Least share of the headroom that active bridges hold, whatever the reserve: a bridge is
 * undrained only when growth is seen, up to two minutes after it began.
 */
const readyShare = 0.7;

/**
 * Bridges of the preferred type that a load needs, before any bound: its share of the target
 * stress, `headroomBridges`, and `headroomFactor` × √bridges for random variation, `uncertainty`
 * times as many where there is no forecast to trust. A reserve carries the load that is on it, and
 * stands in for headroom. The tolerance keeps 3 × 0.6 ÷ 0.6 from becoming 4.
 */
export function bridgesNeeded(
  load: number,
  policy: Policy,
  preferredWeight: number,
  uncertainty = 1,
  reserve = noReserve,
): number {
  const perBridge = policy.targetStress * preferredWeight;
  const filled = Math.max(0, load - reserve.load) / perBridge;
  const chance = policy.headroomFactor * uncertainty * Math.sqrt(load / perBridge);
  const ready = Math.max(readyShare * chance, chance - reserve.room / preferredWeight);
  return Math.max(0, Math.ceil(filled + ready + policy.headroomBridges - 1e-9));
}
