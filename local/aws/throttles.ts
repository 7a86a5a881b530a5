import type { Clock } from './clock';
import { AwsError } from './errors';

/** Calls a second that an account may make, and how many at once after a quiet time. */
interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Actions that share one allowance. */
interface Allowance extends Rate {
  readonly service: string;
  readonly actions: readonly string[];
}

/**
 * Published rates: the EC2 API reference ("Request throttling"), and the quotas of Systems Manager
 * and CloudWatch.
 */
const allowances: readonly Allowance[] = [
  { service: 'ec2', actions: ['DescribeInstances'], perSecond: 20, burst: 100 },
  { service: 'ec2', actions: ['CreateTags', 'DeleteTags'], perSecond: 10, burst: 100 },
  { service: 'ec2', actions: ['TerminateInstances'], perSecond: 5, burst: 100 },
  { service: 'ec2', actions: ['CreateFleet', 'RunInstances'], perSecond: 2, burst: 5 },
  {
    service: 'ssm',
    actions: ['GetParameter', 'GetParameters', 'GetParametersByPath'],
    perSecond: 40,
    burst: 40,
  },
  { service: 'ssm', actions: ['PutParameter'], perSecond: 3, burst: 3 },
  { service: 'ssm', actions: ['DeleteParameter', 'DeleteParameters'], perSecond: 3, burst: 3 },
  { service: 'monitoring', actions: ['GetMetricData'], perSecond: 50, burst: 50 },
  { service: 'monitoring', actions: ['PutMetricData'], perSecond: 500, burst: 500 },
];

const refusals: Readonly<Record<string, () => AwsError>> = {
  ec2: () => new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503),
  ssm: () => new AwsError('ThrottlingException', 'Rate exceeded'),
  monitoring: () => new AwsError('Throttling', 'Rate exceeded'),
};

interface Bucket {
  tokens: number;
  filledAt: number;
}

/**
 * Token buckets of the account, one for each allowance: what comes faster is refused, and has not
 * happened.
 */
export class Throttles {
  private readonly buckets = new Map<Allowance, Bucket>();

  constructor(private readonly clock: Clock) {}

  /** The answer to a call that is one too many; undefined for all others. */
  refusal(service: string, action: string): AwsError | undefined {
    const allowance = allowances.find(
      (one) => one.service === service && one.actions.includes(action),
    );
    if (allowance === undefined || this.take(allowance)) return undefined;
    return refusals[service]?.();
  }

  private take(allowance: Allowance): boolean {
    const now = this.clock.now().getTime();
    const bucket = this.buckets.get(allowance) ?? { tokens: allowance.burst, filledAt: now };
    this.buckets.set(allowance, bucket);
    const gained = ((now - bucket.filledAt) / 1000) * allowance.perSecond;
    bucket.tokens = Math.min(allowance.burst, bucket.tokens + gained);
    bucket.filledAt = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens--;
    return true;
  }
}
