import { createHash } from 'node:crypto';

import { Stack, Tags, Token } from 'aws-cdk-lib';
import {
  type CfnLaunchTemplate,
  InstanceInitiatedShutdownBehavior,
  InstanceType,
  type IVpc,
  LaunchTemplate,
  SecurityGroup,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

import { tagKeys } from '../lambdas/core/protocol/tags';
import { linuxImage, rootVolume, tagList } from './bridge-template';
import type { FleetConfig } from './config/schema';
import { bakeUserData } from './user-data';

export interface BakeTemplateProps {
  readonly config: FleetConfig;
  readonly vpc: IVpc;
  /** Image of the bridges, as their launch template has it. */
  readonly imageId: string;
}

/**
 * What `jitsi-bridges bake` launches the machine from that an image is made of: it installs a
 * bridge's software and powers off. It has no role and no open port, since it needs neither secret
 * nor visitor.
 */
export class BakeTemplate extends Construct {
  readonly template: LaunchTemplate;
  /** What an image of it is made by; see `lambdas/core/baked-image.ts`. */
  readonly recipe: string;

  constructor(scope: Construct, id: string, { config, vpc, imageId }: BakeTemplateProps) {
    super(scope, id);
    const { bridge, fleet } = config;
    this.recipe = recipeOf(config);
    this.template = new LaunchTemplate(this, 'Template', {
      machineImage: linuxImage(imageId),
      instanceType: new InstanceType(bridge.instanceTypes[0]?.type ?? ''),
      securityGroup: new SecurityGroup(this, 'SecurityGroup', {
        vpc,
        description: `Jitsi bridges ${fleet}: a machine that an image is made of`,
      }),
      associatePublicIpAddress: true,
      userData: UserData.custom(bakeUserData(config, Stack.of(this).region)),
      requireImdsv2: true,
      httpPutResponseHopLimit: 1,
      instanceMetadataTags: true,
      // Its disk is what it is made for.
      instanceInitiatedShutdownBehavior: InstanceInitiatedShutdownBehavior.STOP,
      blockDevices: [rootVolume(config)],
    });
    this.place(config);
    this.tag(fleet, config.tags);
  }

  /** A template that names its network interfaces must name the subnet in them. */
  private place({ bridgeSubnetIds }: FleetConfig): void {
    this.resource.addPropertyOverride(
      'LaunchTemplateData.NetworkInterfaces.0.SubnetId',
      bridgeSubnetIds[0],
    );
  }

  private tag(fleet: string, ownTags: FleetConfig['tags']): void {
    const name = `jitsi-bridge-image-${fleet}`;
    Tags.of(this.template).add(tagKeys.fleet, fleet);
    Tags.of(this.template).add(tagKeys.name, name);
    const tags = [
      ...tagList(ownTags),
      { Key: tagKeys.bake, Value: fleet },
      { Key: tagKeys.image, Value: this.recipe },
      { Key: tagKeys.name, Value: name },
    ];
    this.resource.addPropertyOverride(
      'LaunchTemplateData.TagSpecifications',
      ['instance', 'volume', 'network-interface'].map((ResourceType) => ({
        ResourceType,
        Tags: tags,
      })),
    );
  }

  private get resource(): CfnLaunchTemplate {
    return this.template.node.defaultChild as CfnLaunchTemplate;
  }
}

/**
 * What the configuration says of a bridge's disk. Not the id that a parameter resolves to: that
 * changes with every image that a distribution publishes, and would have an operator bake for each
 * deployment.
 */
function recipeOf({ bridge, generation, packages }: FleetConfig): string {
  const { imageId, rootDevice, volumeGiB } = bridge;
  const image = Token.isUnresolved(imageId) ? 'known when deployed' : imageId;
  const rest = JSON.stringify([image, rootDevice, volumeGiB, packages.url, packages.suite]);
  const digest = createHash('sha256').update(rest).digest('hex').slice(0, 8);
  return `${generation}/${packages.version}/${digest}`;
}
