import type { Behaviour } from '../behaviour';
import type { Clock } from '../clock';
import { AwsError } from '../errors';
import type { Faults } from '../faults';
import type { Principal } from '../iam/access';
import type { Authorizer } from '../iam/authorizer';
import { deniedError } from '../iam/denied';
import type { PolicySource } from '../iam/policy-source';
import { launchAccesses, type PlannedLaunch } from '../iam/requirements/launch';
import type { AuthorizationWorld } from '../iam/world';
import type { Ids } from '../ids';
import { checkAccountLimit } from './account-limits';
import type { Instance, LaunchData } from './instance';
import type { Images } from './images';
import type { LaunchTemplate } from './launch-templates';
import { localNetwork } from './network';
import type { Ec2Model } from './model';

export interface LaunchRequest {
  readonly template: LaunchTemplate | undefined;
  /** Members of the call, which win over the template's. */
  readonly data: LaunchData;
  readonly subnetId?: string;
  readonly lifecycle: 'on-demand' | 'spot';
  readonly reservationId: string;
  readonly clientToken: string;
  /** Whose rights it takes: the fleet service launches with those of its caller. */
  readonly principal: Principal;
  readonly by: 'RunInstances' | 'CreateFleet';
}

export interface LauncherOptions {
  readonly model: Ec2Model;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly accountId: string;
  readonly faults: Faults;
  readonly images: Images;
  readonly behaviour: Behaviour;
  readonly authorizer: Authorizer;
  readonly policies: PolicySource;
  readonly world: AuthorizationWorld;
}

type Planned = PlannedLaunch & { readonly data: LaunchData };

/** Makes one instance out of a launch template and what a call adds to it. */
export class Launcher {
  constructor(private readonly options: LauncherOptions) {}

  /**
   * Rejects when EC2 would refuse: what is missing, what is not allowed, then the account's
   * limits, and `InsufficientInstanceCapacity` and the like on order.
   */
  async launch(request: LaunchRequest): Promise<Instance> {
    const { model, ids, clock, images, authorizer, world } = this.options;
    const plan = await this.plan(request);
    const denial = await authorizer.denial(request.principal, launchAccesses(plan, world));
    if (denial !== undefined) throw deniedError('ec2', denial);
    images.check(plan.imageId);
    this.checkCapacity(plan);
    const { data, subnet, profileArn } = plan;
    const { template } = request;
    const metadata = data.MetadataOptions ?? {};
    return model.launch(
      {
        instanceId: ids.resource('i'),
        reservationId: request.reservationId,
        imageId: plan.imageId,
        instanceType: plan.instanceType,
        lifecycle: plan.lifecycle,
        vpcId: plan.vpcId,
        subnetId: subnet.subnetId,
        availabilityZone: subnet.availabilityZone,
        privateIpAddress: model.network.address(subnet),
        publicIpAddress: model.network.publicAddress(),
        securityGroupIds: plan.securityGroupIds,
        ...(profileArn === undefined ? {} : { profileArn }),
        userData: data.UserData ?? '',
        metadataOptions: {
          httpTokens: metadata.HttpTokens ?? 'optional',
          httpPutResponseHopLimit: metadata.HttpPutResponseHopLimit ?? 1,
          instanceMetadataTags: metadata.InstanceMetadataTags ?? 'disabled',
        },
        shutdownBehavior: data.InstanceInitiatedShutdownBehavior ?? 'stop',
        blockDevices: data.BlockDeviceMappings ?? [],
        launchTime: clock.now(),
        clientToken: request.clientToken,
        ...(template === undefined
          ? {}
          : { launchTemplate: { id: template.id, version: template.version } }),
      },
      new Map(plan.tags.instance),
    );
  }

  /** Template and call together. */
  private async plan({ template, data, subnetId, lifecycle, by }: LaunchRequest): Promise<Planned> {
    const { model, behaviour } = this.options;
    const base = template?.data ?? {};
    const merged: LaunchData = {
      ...base,
      ...withoutAbsent(data),
      MetadataOptions: { ...base.MetadataOptions, ...withoutAbsent(data.MetadataOptions ?? {}) },
    };
    if (merged.ImageId === undefined) {
      throw new AwsError('MissingParameter', 'The request must contain the parameter ImageId');
    }
    const subnet = model.network.subnet(subnetId ?? merged.NetworkInterfaces?.[0]?.SubnetId);
    const profileArn = this.profileArn(merged.IamInstanceProfile);
    const tags = (type: string): [string, string][] => [
      ...tagsOfType(base, type),
      ...tagsOfType(data, type),
    ];
    return {
      data: merged,
      template,
      imageId: merged.ImageId,
      instanceType: merged.InstanceType ?? 'm1.small',
      lifecycle,
      subnet,
      vpcId: localNetwork.vpcId,
      securityGroupIds: securityGroupsOf(merged),
      profileArn,
      roleArn: await this.roleOf(profileArn),
      tags: {
        instance: tags('instance'),
        volume: tags('volume'),
        'network-interface': tags('network-interface'),
      },
      metadata: {
        httpTokens: merged.MetadataOptions?.HttpTokens ?? 'optional',
        httpPutResponseHopLimit: merged.MetadataOptions?.HttpPutResponseHopLimit ?? 1,
      },
      // A direct call with a template has the key for certain.
      launchTemplateKey: by === 'RunInstances' ? 'present' : behaviour.launchTemplateKey,
    };
  }

  private checkCapacity({ instanceType, lifecycle, subnet }: Planned): void {
    const { model, faults, behaviour } = this.options;
    const { availabilityZone } = subnet;
    const refusal = faults.capacity?.({ instanceType, availabilityZone, lifecycle });
    if (refusal !== undefined) {
      throw new AwsError(
        refusal,
        `We currently do not have sufficient ${instanceType} capacity in the Availability Zone you requested (${availabilityZone}).`,
        500,
      );
    }
    checkAccountLimit(model.all(), { instanceType, lifecycle }, behaviour.vcpuLimit);
  }

  private profileArn(profile: LaunchData['IamInstanceProfile']): string | undefined {
    if (profile?.Arn !== undefined) return profile.Arn;
    if (profile?.Name === undefined) return undefined;
    return `arn:aws:iam::${this.options.accountId}:instance-profile/${profile.Name}`;
  }

  private async roleOf(profileArn: string | undefined): Promise<string | undefined> {
    if (profileArn === undefined) return undefined;
    const name = profileArn.slice(profileArn.lastIndexOf('/') + 1);
    const roleArn = await this.options.policies.roleOfProfile(name);
    if (roleArn !== undefined) return roleArn;
    throw new AwsError(
      'InvalidParameterValue',
      `Value (${name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name`,
    );
  }
}

/** Of the instance, or of its network interface where the template describes that. */
function securityGroupsOf({ SecurityGroupIds = [], NetworkInterfaces }: LaunchData) {
  return SecurityGroupIds.length > 0 ? SecurityGroupIds : (NetworkInterfaces?.[0]?.Groups ?? []);
}

function tagsOfType({ TagSpecifications = [] }: LaunchData, type: string): [string, string][] {
  return TagSpecifications.filter(({ ResourceType }) => ResourceType === type).flatMap(({ Tags }) =>
    Tags.map(({ Key, Value }): [string, string] => [Key, Value]),
  );
}

function withoutAbsent<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined),
  ) as Partial<T>;
}
