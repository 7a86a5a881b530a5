import type { AwsRequest } from '../../protocol/request';
import { requestTagContext, tagContext, type Access, type Context } from '../access';
import { ec2Arn, instanceContext, ownerlessArn, type AuthorizationWorld } from '../world';
import { tagsOf, textOf, textsOf, type Requirement, type Requirements } from './requirement';

/** Id that stands for a resource which the call only makes. */
const newId = '00000000000000000';

/** Kinds of resources by the prefix of their ids. */
const kinds: Readonly<Record<string, string>> = {
  eni: 'network-interface',
  i: 'instance',
  lt: 'launch-template',
  sg: 'security-group',
  subnet: 'subnet',
  vol: 'volume',
};

function existing(world: AuthorizationWorld, id: string): Pick<Access, 'resource' | 'context'> {
  const prefix = id.slice(0, id.indexOf('-'));
  if (prefix === 'ami') {
    return { resource: ownerlessArn(world, `image/${id}`), context: imageContext(world, id) };
  }
  if (prefix === 'snap') {
    const made = world.images.all().find(({ snapshotId }) => snapshotId === id);
    const tags = tagContext('aws:ResourceTag', made?.tags ?? []);
    return { resource: ownerlessArn(world, `snapshot/${id}`), context: tags };
  }
  const resource = ec2Arn(world, `${kinds[prefix] ?? prefix}/${id}`);
  return prefix === 'i' ? { resource, context: instanceContext(world, id) } : { resource };
}

/** Images that the account made belong to it; all others are somebody else's. */
export function imageContext(world: AuthorizationWorld, imageId: string): Context {
  const made = world.images.all().find((image) => image.imageId === imageId);
  return {
    'ec2:ImageID': imageId,
    'ec2:ImageType': 'machine',
    'ec2:RootDeviceType': 'ebs',
    'ec2:Owner': made === undefined ? 'amazon' : world.accountId,
    'ec2:Public': made === undefined ? 'true' : 'false',
    ...tagContext('aws:ResourceTag', made?.tags ?? []),
  };
}

/** An action on the instances that the call names. */
const onInstances: Requirement = (request, world) =>
  textsOf(request, 'InstanceId').map((id) => ({
    action: `ec2:${request.action}`,
    ...existing(world, id),
  }));

const onResources: Requirement = (request, world) => {
  const given = tagsOf(request.input['Tag']);
  const removes = request.action === 'DeleteTags';
  // DeleteTags says keys alone; only those with a value also have aws:RequestTag.
  const keys = given.map(([key]) => key);
  const context: Context = removes
    ? keys.length === 0
      ? {}
      : { 'aws:TagKeys': keys }
    : requestTagContext(given);
  return textsOf(request, 'ResourceId').map((id) => {
    const { resource, context: own } = existing(world, id);
    return { action: `ec2:${request.action}`, resource, context: { ...own, ...context } };
  });
};

/** Tags that a call gives to what it makes, by the type of resource. */
export function tagsOnCreate(
  request: AwsRequest,
  type: string,
): readonly (readonly [string, string])[] {
  return [request.input['TagSpecification']].flat().flatMap((specification) => {
    const { ResourceType, Tag } = (specification ?? {}) as Record<string, unknown>;
    return ResourceType === type ? tagsOf(Tag) : [];
  });
}

function tagging(
  request: AwsRequest,
  resource: string,
  tags: readonly (readonly [string, string])[],
): readonly Access[] {
  if (tags.length === 0) return [];
  const context = { ...requestTagContext(tags), 'ec2:CreateAction': request.action };
  return [{ action: 'ec2:CreateTags', resource, context }];
}

/**
 * The fleet and its instances, and of the rest what the request itself names, not its launch
 * template.
 */
const createFleet: Requirement = (request, world) => {
  const configs = [request.input['LaunchTemplateConfigs']].flat() as readonly {
    readonly LaunchTemplateSpecification?: { readonly LaunchTemplateId?: string };
    readonly Overrides?: readonly { readonly SubnetId?: string; readonly ImageId?: string }[];
  }[];
  const overrides = configs.flatMap((config) => [config.Overrides ?? []].flat());
  const named = new Set([
    ...configs.map((config) => config.LaunchTemplateSpecification?.LaunchTemplateId),
    ...overrides.flatMap(({ SubnetId, ImageId }) => [SubnetId, ImageId]),
  ]);
  const action = 'ec2:CreateFleet';
  const instance = ec2Arn(world, `instance/i-${newId}`);
  const fleet = ec2Arn(world, `fleet/fleet-${newId}`);
  const instanceTags = tagsOnCreate(request, 'instance');
  const fleetTags = tagsOnCreate(request, 'fleet');
  return [
    { action, resource: fleet, context: requestTagContext(fleetTags) },
    { action, resource: instance, context: requestTagContext(instanceTags) },
    ...[...named].flatMap((id) => (id === undefined ? [] : [{ action, ...existing(world, id) }])),
    ...tagging(request, fleet, fleetTags),
    ...tagging(request, instance, instanceTags),
  ];
};

const createImage: Requirement = (request, world) => {
  const action = 'ec2:CreateImage';
  const image = ownerlessArn(world, `image/ami-${newId}`);
  const snapshot = ownerlessArn(world, `snapshot/snap-${newId}`);
  const [imageTags, snapshotTags] = ['image', 'snapshot'].map((type) =>
    tagsOnCreate(request, type),
  );
  return [
    { action, ...existing(world, textOf(request, 'InstanceId')) },
    { action, resource: image, context: requestTagContext(imageTags ?? []) },
    { action, resource: snapshot, context: requestTagContext(snapshotTags ?? []) },
    ...tagging(request, image, imageTags ?? []),
    ...tagging(request, snapshot, snapshotTags ?? []),
  ];
};

const onOne =
  (member: string): Requirement =>
  (request, world) => [
    { action: `ec2:${request.action}`, ...existing(world, textOf(request, member)) },
  ];

/** EC2's actions on resources; those that only describe have none. */
export const ec2Requirements: Requirements = {
  CreateFleet: createFleet,
  CreateImage: createImage,
  CreateTags: onResources,
  DeleteSnapshot: onOne('SnapshotId'),
  DeleteTags: onResources,
  DeregisterImage: onOne('ImageId'),
  DescribeInstanceAttribute: onInstances,
  GetConsoleOutput: onInstances,
  // Whatever it launches is evaluated resource by resource when it is known.
  RunInstances: () => [],
  StartInstances: onInstances,
  StopInstances: onInstances,
  TerminateInstances: onInstances,
};
