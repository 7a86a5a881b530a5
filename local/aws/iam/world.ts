import type { Images } from '../ec2/images';
import type { Ec2Model } from '../ec2/model';
import { shownTags } from '../ec2/shown-tags';
import type { Context } from './access';

/** What policies can ask about resources that exist. */
export interface AuthorizationWorld {
  readonly accountId: string;
  readonly region: string;
  readonly model: Ec2Model;
  readonly images: Images;
  /** Tags of an SSM parameter; none for one that is not there. */
  parameterTags(name: string): Promise<ReadonlyMap<string, string>>;
}

/** ARN of something of EC2's in the account. */
export function ec2Arn({ region, accountId }: AuthorizationWorld, resource: string): string {
  return `arn:aws:ec2:${region}:${accountId}:${resource}`;
}

/** An image or a snapshot has no account in its ARN. */
export function ownerlessArn({ region }: AuthorizationWorld, resource: string): string {
  return `arn:aws:ec2:${region}::${resource}`;
}

/** Keys of an instance that exists, its tags among them. */
export function instanceContext(world: AuthorizationWorld, instanceId: string): Context {
  const instance = world.model.find(instanceId);
  if (instance === undefined) return {};
  const { spec } = instance;
  return {
    ...Object.fromEntries(
      [...shownTags(instance)].flatMap(([key, value]) => [
        [`aws:ResourceTag/${key}`, value],
        [`ec2:ResourceTag/${key}`, value],
      ]),
    ),
    'ec2:InstanceType': spec.instanceType,
    'ec2:AvailabilityZone': spec.availabilityZone,
    ...(spec.profileArn === undefined ? {} : { 'ec2:InstanceProfile': spec.profileArn }),
  };
}
