import type { Instance } from '../../ec2/instance';
import type { Subnet } from '../../ec2/network';
import type { LaunchTemplate } from '../../ec2/launch-templates';
import { requestTagContext, tagContext, type Access, type Context } from '../access';
import { ec2Arn, ownerlessArn, type AuthorizationWorld } from '../world';
import { imageContext } from './ec2';

type Tags = readonly (readonly [string, string])[];

/** One instance that is about to be launched. */
export interface PlannedLaunch {
  readonly template: LaunchTemplate | undefined;
  readonly imageId: string;
  readonly instanceType: string;
  readonly lifecycle: Instance['spec']['lifecycle'];
  readonly subnet: Subnet;
  readonly vpcId: string;
  readonly securityGroupIds: readonly string[];
  readonly profileArn: string | undefined;
  /** ARN of the profile's role. */
  readonly roleArn: string | undefined;
  /** Tags by type of resource, of template and call together. */
  readonly tags: Readonly<Record<'instance' | 'volume' | 'network-interface', Tags>>;
  readonly metadata: { readonly httpTokens: string; readonly httpPutResponseHopLimit: number };
  /**
   * Whether the call says which launch template it is of. Nobody in public has told whether the
   * fleet service's does, so both must do.
   */
  readonly launchTemplateKey: 'present' | 'absent';
}

/**
 * What RunInstances of one instance needs: each resource that it uses or makes, the tags that it
 * gives, and the right to pass the role. CreateFleet launches with the rights of its caller, so it
 * needs the same.
 */
export function launchAccesses(
  launch: PlannedLaunch,
  world: AuthorizationWorld,
): readonly Access[] {
  const { template, imageId, subnet, securityGroupIds, tags } = launch;
  const made = (kind: 'instance' | 'volume' | 'network-interface', prefix: string): string =>
    ec2Arn(world, `${kind}/${prefix}-00000000000000000`);
  const common: Context =
    template === undefined || launch.launchTemplateKey === 'absent'
      ? {}
      : { 'ec2:LaunchTemplate': ec2Arn(world, `launch-template/${template.id}`) };
  const run = (resource: string, context: Context = {}): Access => ({
    action: 'ec2:RunInstances',
    resource,
    context: { ...common, ...context },
  });
  const zone = { 'ec2:AvailabilityZone': subnet.availabilityZone };
  const vpc = { 'ec2:Vpc': ec2Arn(world, `vpc/${launch.vpcId}`) };
  const instance = made('instance', 'i');
  const volume = made('volume', 'vol');
  const networkInterface = made('network-interface', 'eni');
  return [
    run(instance, { ...instanceKeys(launch), ...zone, ...requestTagContext(tags.instance) }),
    run(volume, { ...zone, 'ec2:VolumeType': 'gp3', ...requestTagContext(tags.volume) }),
    run(networkInterface, {
      ...zone,
      ...vpc,
      'ec2:Subnet': ec2Arn(world, `subnet/${subnet.subnetId}`),
      ...requestTagContext(tags['network-interface']),
    }),
    run(ownerlessArn(world, `image/${imageId}`), imageContext(world, imageId)),
    snapshotOf(imageId, world, run),
    run(ec2Arn(world, `subnet/${subnet.subnetId}`), {
      ...zone,
      ...vpc,
      'ec2:SubnetID': subnet.subnetId,
    }),
    ...securityGroupIds.map((id) =>
      run(ec2Arn(world, `security-group/${id}`), { ...vpc, 'ec2:SecurityGroupID': id }),
    ),
    ...(template === undefined ? [] : [run(ec2Arn(world, `launch-template/${template.id}`))]),
    ...(launch.lifecycle === 'spot'
      ? [run(ec2Arn(world, 'spot-instances-request/sir-00000000'))]
      : []),
    ...tagging(instance, tags.instance),
    ...tagging(volume, tags.volume),
    ...tagging(networkInterface, tags['network-interface']),
    ...passRole(launch.roleArn),
  ];
}

function instanceKeys({ instanceType, lifecycle, profileArn, metadata }: PlannedLaunch): Context {
  return {
    'ec2:InstanceType': instanceType,
    'ec2:InstanceMarketType': lifecycle,
    'ec2:MetadataHttpTokens': metadata.httpTokens,
    'ec2:MetadataHttpPutResponseHopLimit': String(metadata.httpPutResponseHopLimit),
    'ec2:RootDeviceType': 'ebs',
    'ec2:Tenancy': 'default',
    ...(profileArn === undefined ? {} : { 'ec2:InstanceProfile': profileArn }),
  };
}

/** The one that the image is made of. */
function snapshotOf(
  imageId: string,
  world: AuthorizationWorld,
  run: (resource: string, context: Context) => Access,
): Access {
  const made = world.images.all().find((image) => image.imageId === imageId);
  const id = made?.snapshotId ?? `snap-${imageId.slice('ami-'.length)}`;
  return run(ownerlessArn(world, `snapshot/${id}`), {
    'ec2:Owner': made === undefined ? 'amazon' : world.accountId,
    ...tagContext('aws:ResourceTag', made?.tags ?? []),
  });
}

function tagging(resource: string, tags: Tags): readonly Access[] {
  if (tags.length === 0) return [];
  const context = { ...requestTagContext(tags), 'ec2:CreateAction': 'RunInstances' };
  return [{ action: 'ec2:CreateTags', resource, context }];
}

function passRole(roleArn: string | undefined): readonly Access[] {
  if (roleArn === undefined) return [];
  const context = { 'iam:PassedToService': 'ec2.amazonaws.com' };
  return [{ action: 'iam:PassRole', resource: roleArn, context }];
}
