import { AwsError } from '../errors';
import type { Lifecycle } from './instance';

/** One type in one subnet, as an override of a fleet request names it. */
export interface PoolChoice {
  readonly instanceType: string | undefined;
  readonly subnetId: string | undefined;
  readonly availabilityZone: string | undefined;
  readonly priority: number | undefined;
}

/**
 * Of one request EC2 tries so many pools; all further ones it calls unfulfillable, whatever their
 * state.
 */
export const triedPools = 3;

/**
 * The order in which EC2 tries pools. `prioritized`: lowest number first; without priorities all
 * are equal. Equal pools are not balanced: the same one comes first again and again, whatever
 * their order in the request, but types that the request names first stay first.
 */
export function poolOrder<T extends PoolChoice>(
  pools: readonly T[],
  lifecycle: Lifecycle,
  strategy: string | undefined,
): readonly T[] {
  const usesPriority =
    lifecycle === 'on-demand'
      ? strategy === 'prioritized'
      : strategy === 'capacity-optimized-prioritized';
  const types = [...new Set(pools.map(({ instanceType }) => instanceType))];
  const rank = ({ instanceType, priority }: T): number =>
    usesPriority ? (priority ?? Infinity) : types.indexOf(instanceType);
  return pools.toSorted((a, b) => compare(rank(a), rank(b)) || compare(nameOf(a), nameOf(b)));
}

/** Two subnets of one zone are one pool of EC2's; it takes no request that has a pool twice. */
export function refuseDuplicates(pools: readonly PoolChoice[]): void {
  const seen = new Set<string>();
  for (const { instanceType, availabilityZone } of pools) {
    const pool = `${instanceType ?? ''}/${availabilityZone ?? ''}`;
    if (seen.has(pool)) {
      throw new AwsError(
        'InvalidFleetConfig',
        `The fleet configuration contains duplicate instance pools: ${pool}`,
      );
    }
    seen.add(pool);
  }
}

function nameOf({ instanceType, subnetId }: PoolChoice): string {
  return `${subnetId ?? ''}/${instanceType ?? ''}`;
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
