import type { Clock } from '../clock';
import { AwsError } from '../errors';
import type { Faults } from '../faults';
import type { Ids } from '../ids';
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
}

export interface LauncherOptions {
  readonly model: Ec2Model;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly accountId: string;
  readonly faults: Faults;
  readonly images: Images;
}

/** Makes one instance out of a launch template and what a call adds to it. */
export class Launcher {
  constructor(private readonly options: LauncherOptions) {}

  /** Throws when EC2 would refuse, also `InsufficientInstanceCapacity` and the like on order. */
  launch(request: LaunchRequest): Instance {
    const { model, ids, clock, faults, images } = this.options;
    const base = request.template?.data ?? {};
    const { data, lifecycle } = request;
    const merged = { ...base, ...withoutAbsent(data) };
    const metadata = { ...base.MetadataOptions, ...withoutAbsent(data.MetadataOptions ?? {}) };
    if (merged.ImageId === undefined) {
      throw new AwsError('MissingParameter', 'The request must contain the parameter ImageId');
    }
    images.check(merged.ImageId);
    const instanceType = merged.InstanceType ?? 'm1.small';
    const subnet = model.network.subnet(
      request.subnetId ?? merged.NetworkInterfaces?.[0]?.SubnetId,
    );
    const { subnetId, availabilityZone } = subnet;
    const refusal = faults.capacity?.({ instanceType, availabilityZone, lifecycle });
    if (refusal !== undefined) {
      throw new AwsError(
        refusal,
        `We currently do not have sufficient ${instanceType} capacity in the Availability Zone you requested (${availabilityZone}).`,
        500,
      );
    }
    const tags = instanceTags(base);
    for (const [key, value] of instanceTags(data)) tags.set(key, value);
    const profileArn = this.profileArn(merged.IamInstanceProfile);
    return model.launch(
      {
        instanceId: ids.resource('i'),
        reservationId: request.reservationId,
        imageId: merged.ImageId,
        instanceType,
        lifecycle,
        vpcId: localNetwork.vpcId,
        subnetId,
        availabilityZone,
        privateIpAddress: model.network.address(subnet),
        publicIpAddress: model.network.publicAddress(),
        securityGroupIds: merged.SecurityGroupIds ?? merged.NetworkInterfaces?.[0]?.Groups ?? [],
        ...(profileArn === undefined ? {} : { profileArn }),
        userData: merged.UserData ?? '',
        metadataOptions: {
          httpTokens: metadata.HttpTokens ?? 'optional',
          httpPutResponseHopLimit: metadata.HttpPutResponseHopLimit ?? 1,
          instanceMetadataTags: metadata.InstanceMetadataTags ?? 'disabled',
        },
        shutdownBehavior: merged.InstanceInitiatedShutdownBehavior ?? 'stop',
        blockDevices: merged.BlockDeviceMappings ?? [],
        launchTime: clock.now(),
        clientToken: request.clientToken,
      },
      tags,
    );
  }

  private profileArn(profile: LaunchData['IamInstanceProfile']): string | undefined {
    if (profile?.Arn !== undefined) return profile.Arn;
    if (profile?.Name === undefined) return undefined;
    return `arn:aws:iam::${this.options.accountId}:instance-profile/${profile.Name}`;
  }
}

/** Tags of `ResourceType` instance, in order; later ones win. */
export function instanceTags(data: LaunchData): Map<string, string> {
  return new Map(
    (data.TagSpecifications ?? [])
      .filter(({ ResourceType }) => ResourceType === 'instance')
      .flatMap(({ Tags }) => Tags.map(({ Key, Value }): [string, string] => [Key, Value])),
  );
}

function withoutAbsent<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined),
  ) as Partial<T>;
}
