import { launchTemplateTag, type Origin } from '../../lambdas/core/protocol/origin';
import { tagKeys } from '../../lambdas/core/protocol/tags';

/** Of the fleets under test. */
export const origin: Origin = {
  launchTemplateId: 'lt-1',
  instanceProfileArn: 'arn:aws:iam::123456789012:instance-profile/bridges',
  serverInstanceId: 'i-0a0a0a0a0a0a0a0a0',
};

/** Tags of an instance that the scaler has launched for a fleet. */
export function tagsOfLaunch(
  fleet: string,
  token = `${fleet}-tr7uo0-0`,
): Readonly<Record<string, string>> {
  return {
    [tagKeys.fleet]: fleet,
    [tagKeys.launch]: token,
    [launchTemplateTag]: origin.launchTemplateId,
  };
}

/** What EC2 shows of every instance that has the bridges' role. */
export const roleOfBridges = { instanceProfileArn: origin.instanceProfileArn };
