import { Stack, Tags } from 'aws-cdk-lib';
import {
  type BlockDevice,
  BlockDeviceVolume,
  type CfnLaunchTemplate,
  EbsDeviceVolumeType,
  type IMachineImage,
  InstanceInitiatedShutdownBehavior,
  InstanceType,
  type ISecurityGroup,
  LaunchTemplate,
  MachineImage,
  OperatingSystemType,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import { CfnInstanceProfile, type IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

import { tagKeys } from '../lambdas/core/protocol/tags';
import type { FleetConfig } from './config/schema';
import { bridgeUserData } from './user-data';

export interface BridgeTemplateProps {
  readonly config: FleetConfig;
  readonly role: IRole;
  readonly securityGroup: ISecurityGroup;
}

/**
 * The launch template that the scaler launches every bridge from; type and subnet are the scaler's
 * choice.
 */
export class BridgeTemplate extends Construct {
  readonly template: LaunchTemplate;
  /** Id of the image, resolved when the stack is deployed. */
  readonly imageId: string;
  /** Of the instance profile that the template makes for the role. */
  readonly instanceProfileArn: string;

  constructor(scope: Construct, id: string, props: BridgeTemplateProps) {
    super(scope, id);
    const { bridge, fleet, tags } = props.config;
    const image = imageOf(bridge.imageId);
    this.imageId = image.getImage(this).imageId;
    this.template = new LaunchTemplate(this, 'Template', {
      machineImage: linuxImage(this.imageId),
      instanceType: new InstanceType(bridge.instanceTypes[0]?.type ?? ''),
      role: props.role,
      securityGroup: props.securityGroup,
      associatePublicIpAddress: true,
      userData: UserData.custom(bridgeUserData(props.config, Stack.of(this).region)),
      requireImdsv2: true,
      httpPutResponseHopLimit: 1,
      instanceMetadataTags: true,
      // A bridge that cannot boot powers itself off, and must not stay as a stopped instance.
      instanceInitiatedShutdownBehavior: InstanceInitiatedShutdownBehavior.TERMINATE,
      blockDevices: [rootVolume(props.config)],
    });
    this.instanceProfileArn = profileOf(this.template).attrArn;
    this.tagDevices(fleet, tags);
  }

  /**
   * Volumes and network interfaces; instances get their tags from the launch request, which alone
   * knows the launch token. Spot requests get none: EC2 refuses a template with tags for them when
   * it launches on demand.
   */
  private tagDevices(fleet: string, ownTags: FleetConfig['tags']): void {
    Tags.of(this.template).add(tagKeys.fleet, fleet);
    Tags.of(this.template).add(tagKeys.name, `jitsi-bridge-${fleet}`);
    const resource = this.template.node.defaultChild as CfnLaunchTemplate;
    const tags = [
      ...tagList(ownTags),
      { Key: tagKeys.fleet, Value: fleet },
      { Key: tagKeys.name, Value: `jitsi-bridge-${fleet}` },
    ];
    resource.addPropertyOverride(
      'LaunchTemplateData.TagSpecifications',
      ['volume', 'network-interface'].map((ResourceType) => ({ ResourceType, Tags: tags })),
    );
  }
}

/** Tags as templates of CloudFormation list them. */
export function tagList(tags: FleetConfig['tags']): readonly { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** The instance profile that CDK makes for the role of a template. */
function profileOf(template: LaunchTemplate): CfnInstanceProfile {
  const profile = template.node.findAll().find((child) => child instanceof CfnInstanceProfile);
  if (profile === undefined) throw new Error(`${template.node.path} has no instance profile`);
  return profile;
}

/** The encrypted root volume of every machine of the fleet. */
export function rootVolume({ bridge }: FleetConfig): BlockDevice {
  return {
    deviceName: bridge.rootDevice,
    volume: BlockDeviceVolume.ebs(bridge.volumeGiB, {
      volumeType: EbsDeviceVolumeType.GP3,
      encrypted: true,
      // EC2 keeps a volume by default when the image does not name its device, as with a wrong
      // `rootDevice`.
      deleteOnTermination: true,
    }),
  };
}

/** An image as launch templates take it. */
export function linuxImage(imageId: string): IMachineImage {
  return {
    getImage: () => ({
      imageId,
      osType: OperatingSystemType.LINUX,
      userData: UserData.forLinux(),
    }),
  };
}

/**
 * A parameter is read by CloudFormation at each deployment, so all bridges between two deployments
 * are alike.
 */
function imageOf(imageId: string): IMachineImage {
  return imageId.startsWith('/') ? MachineImage.fromSsmParameter(imageId) : linuxImage(imageId);
}
