import type { FleetMember } from '../model/fleet-member';

/**
 * How many bridges it takes, where not all have the capacity of the preferred type: `needed` of that type are as good as so
 * many of those that there are, the lightest counted first, so that it does not matter which of them go; what is missing is
 * launched as the preferred type.
 * @param unseen launched bridges that EC2 does not list yet
 */
export function equivalentBridges(
  needed: number,
  members: readonly FleetMember[],
  preferredWeight: number,
  unseen: number,
): number {
  const weights = members
    .filter(({ phase }) => phase === 'booting' || phase === 'active' || phase === 'silent')
    .map(({ bridge }) => bridge.weight / preferredWeight)
    .concat(Array.from({ length: unseen }, () => 1));
  if (weights.every((weight) => weight === 1)) return needed;
  weights.sort((a, b) => a - b);
  let missing = needed;
  let count = 0;
  for (const weight of weights) {
    if (missing <= tolerance) return count;
    missing -= weight;
    count += 1;
  }
  return count + Math.max(0, Math.ceil(missing - tolerance));
}

/** Ten bridges of weight 0.1 are one. */
const tolerance = 1e-9;
