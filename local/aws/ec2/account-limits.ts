import { AwsError } from '../errors';
import type { Instance } from './instance';

interface Wanted {
  readonly instanceType: string;
  readonly lifecycle: 'on-demand' | 'spot';
}

/**
 * vCPUs by the size of a type, as nearly all families have them; bare metal counts as the largest.
 */
const smallSizes: Readonly<Record<string, number>> = {
  nano: 2,
  micro: 2,
  small: 2,
  medium: 2,
  large: 2,
  xlarge: 4,
};

export function vcpusOf(instanceType: string): number {
  const size = instanceType.split('.')[1] ?? '';
  const times = /^(\d+)xlarge$/.exec(size)?.[1];
  return times === undefined ? (smallSizes[size] ?? 96) : 4 * Number(times);
}

/**
 * Throws what EC2 answers when the account's quota of running vCPUs is used up. That says nothing
 * about the pool: every type and zone gets the same answer.
 */
export function checkAccountLimit(
  instances: readonly Instance[],
  { instanceType, lifecycle }: Wanted,
  limits: Readonly<Record<'on-demand' | 'spot', number>>,
): void {
  const running = instances
    .filter(
      ({ state, spec }) => ['pending', 'running'].includes(state) && spec.lifecycle === lifecycle,
    )
    .reduce((sum, { spec }) => sum + vcpusOf(spec.instanceType), 0);
  const limit = limits[lifecycle];
  if (running + vcpusOf(instanceType) <= limit) return;
  if (lifecycle === 'spot') {
    throw new AwsError('MaxSpotInstanceCountExceeded', 'Max spot instance count exceeded');
  }
  throw new AwsError(
    'VcpuLimitExceeded',
    `You have requested more vCPU capacity than your current vCPU limit of ${limit} allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.`,
  );
}
