import type { PolicySource } from '../iam/policy-source';
import type { Instance } from './instance';
import type { Ec2Model } from './model';

/**
 * ARN of the role that an instance's profile gives; undefined for an instance without a profile.
 */
export async function instanceRole(
  model: Ec2Model,
  policies: PolicySource,
  { spec }: Instance,
): Promise<string | undefined> {
  const { instanceId, profileArn } = spec;
  if (profileArn === undefined) return model.existingRoleArn(instanceId);
  return policies.roleOfProfile(profileArn.slice(profileArn.lastIndexOf('/') + 1));
}
