import type { AwsError } from './errors';

/** What a call looks like to whoever orders faults. */
export interface FaultTarget {
  readonly service: string;
  readonly action: string;
  readonly principal: string;
}

/** Faults on order; every part is optional, none is active unless a test sets it. */
export interface Faults {
  /** Asked before each handler and each passed-on call: throw this instead of answering. */
  before?: (target: FaultTarget) => AwsError | undefined;
  /**
   * Asked for each command: an instance whose agent does not fetch it, so that its delivery times
   * out.
   */
  undelivered?: (instanceId: string) => boolean;
  /**
   * Asked for each single instance of a launch: the error code that CreateFleet reports, e.g.
   * `InsufficientInstanceCapacity`.
   */
  capacity?: (wanted: {
    instanceType: string;
    availabilityZone: string;
    lifecycle: 'on-demand' | 'spot';
  }) => string | undefined;
}
