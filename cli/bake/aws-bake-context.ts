import { randomUUID } from 'node:crypto';

import {
  type _InstanceType,
  CreateImageCommand,
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  DescribeInstancesCommand,
  type EC2Client,
  GetConsoleOutputCommand,
  type Image,
  type Instance,
  paginateDescribeImages,
  RunInstancesCommand,
  type Tag,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  DeleteParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';

import { parameterNames } from '../../lambdas/core/protocol/parameters';
import { tagKeys } from '../../lambdas/core/protocol/tags';
import type { BakeMachine, BakeContext, FleetImage } from './bake-context';

type AwsPart = Omit<BakeContext, 'now' | 'pause' | 'progress'>;

/** EC2 and SSM with the operator's own rights. */
export function awsBakeContext(ec2: EC2Client, ssm: SSMClient): AwsPart {
  return {
    async launch(templateId, instanceType) {
      const { Instances } = await ec2.send(
        new RunInstancesCommand({
          LaunchTemplate: { LaunchTemplateId: templateId, Version: '$Latest' },
          // EC2 adds types every month; the SDK's enum is only a snapshot of them.
          ...(instanceType === undefined ? {} : { InstanceType: instanceType as _InstanceType }),
          MinCount: 1,
          MaxCount: 1,
          ClientToken: randomUUID(),
        }),
      );
      return Instances?.[0]?.InstanceId ?? '';
    },
    async look(instanceId) {
      const [instance] = await instancesWhere(ec2, [
        // A filter, since asking for an id outright is an error until all of EC2 knows it.
        { Name: 'instance-id', Values: [instanceId] },
      ]);
      return instance === undefined ? undefined : machineOf(instance);
    },
    console: (instanceId) => consoleText(ec2, instanceId),
    async terminate(instanceId) {
      await unlessGone(() =>
        ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] })),
      );
    },
    async leftovers(fleet) {
      const instances = await instancesWhere(ec2, [
        { Name: `tag:${tagKeys.bake}`, Values: [fleet] },
        { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
      ]);
      return instances.flatMap(({ InstanceId }) => InstanceId ?? []);
    },
    async createImage(InstanceId, fleet, Name, recipe) {
      const [machine] = await instancesWhere(ec2, [{ Name: 'instance-id', Values: [InstanceId] }]);
      const Tags = [
        ...ownTags(machine?.Tags ?? []),
        { Key: tagKeys.fleet, Value: fleet },
        { Key: tagKeys.image, Value: recipe },
        { Key: tagKeys.name, Value: Name },
      ];
      const { ImageId } = await ec2.send(
        new CreateImageCommand({
          InstanceId,
          Name,
          Description: `Jitsi bridges ${fleet}: the bridge's software installed (${recipe})`,
          TagSpecifications: [
            { ResourceType: 'image', Tags },
            { ResourceType: 'snapshot', Tags },
          ],
        }),
      );
      return ImageId ?? '';
    },
    async images(fleet) {
      const found: FleetImage[] = [];
      const Filters = [
        { Name: `tag:${tagKeys.fleet}`, Values: [fleet] },
        { Name: 'tag-key', Values: [tagKeys.image] },
      ];
      for await (const page of paginateDescribeImages(
        { client: ec2 },
        { Owners: ['self'], Filters },
      ))
        found.push(...(page.Images ?? []).map(imageOf));
      return found.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
    },
    async removeImage({ imageId, snapshotIds }) {
      await unlessGone(() => ec2.send(new DeregisterImageCommand({ ImageId: imageId })));
      for (const SnapshotId of snapshotIds)
        await unlessGone(() => ec2.send(new DeleteSnapshotCommand({ SnapshotId })));
    },
    async store(fleet, Value) {
      const Name = parameterNames(fleet).image;
      await ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
    },
    async forget(fleet) {
      try {
        await ssm.send(new DeleteParameterCommand({ Name: parameterNames(fleet).image }));
      } catch (error) {
        if (!(error instanceof ParameterNotFound)) throw error;
      }
    },
  };
}

async function instancesWhere(
  ec2: EC2Client,
  Filters: { Name: string; Values: string[] }[],
): Promise<readonly Instance[]> {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

function machineOf({ State, StateReason, Tags = [] }: Instance): BakeMachine {
  return {
    state: stateOf(State?.Name),
    stateReason: StateReason?.Code ?? 'no reason given',
    recipe: tagOf(Tags, tagKeys.image),
  };
}

function stateOf(name: string | undefined): BakeMachine['state'] {
  if (name === 'shutting-down' || name === 'terminated') return 'ended';
  return (['running', 'stopping', 'stopped'] as const).find((one) => one === name) ?? 'pending';
}

function imageOf(image: Image): FleetImage {
  const { ImageId, Name, CreationDate, State, StateReason, BlockDeviceMappings = [] } = image;
  return {
    imageId: ImageId ?? '',
    name: Name ?? '',
    recipe: tagOf(image.Tags ?? [], tagKeys.image),
    createdAt: CreationDate ?? '',
    snapshotIds: BlockDeviceMappings.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []),
    state: State === 'available' || State === 'pending' ? State : 'failed',
    stateReason: StateReason?.Message ?? State ?? 'no reason given',
  };
}

/** The operator's own tags, which the machine got from its launch template. */
function ownTags(tags: readonly Tag[]): readonly Tag[] {
  return tags.filter(({ Key = '' }) => !/^(aws:|bridges:|Name$)/.test(Key));
}

function tagOf(tags: readonly Tag[], key: string): string {
  return tags.find(({ Key }) => Key === key)?.Value ?? '';
}

/**
 * The newest text where the instance type offers it; other types post theirs some minutes later.
 */
async function consoleText(ec2: EC2Client, InstanceId: string): Promise<string> {
  const read = async (latest: { Latest?: true }): Promise<string> => {
    const { Output = '' } = await ec2.send(new GetConsoleOutputCommand({ InstanceId, ...latest }));
    return Buffer.from(Output, 'base64').toString('latin1');
  };
  try {
    return await read({ Latest: true });
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'InvalidInstanceID.NotFound') return '';
    if (name === 'UnsupportedOperation') return read({});
    throw error;
  }
}

/** What is gone already need not be removed. */
async function unlessGone(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    const gone = /^(InvalidInstanceID|InvalidAMIID|InvalidSnapshot)\.(NotFound|Unavailable)$/;
    if (!(error instanceof Error && gone.test(error.name))) throw error;
  }
}
