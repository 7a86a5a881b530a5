import {
  CreateFleetCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  EC2Client,
  GetConsoleOutputCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type CreateFleetCommandInput,
} from '@aws-sdk/client-ec2';
import { eventually } from '../../../eventually';
import { localNetwork } from '../../../../local/aws/ec2/network';
import { startTestCloud, templateId, userData, type TestCloud } from '../fakes';

const [firstSubnet, secondSubnet] = localNetwork.subnets.map(({ subnetId }) => subnetId);

let cloud: TestCloud;
let ec2: EC2Client;

beforeEach(async () => {
  cloud = await startTestCloud();
  ec2 = new EC2Client(cloud.client);
});

afterEach(async () => {
  ec2.destroy();
  await cloud.close();
});

function fleet(
  total: number,
  more: Partial<CreateFleetCommandInput> = {},
): CreateFleetCommandInput {
  return {
    Type: 'instant',
    LaunchTemplateConfigs: [
      {
        LaunchTemplateSpecification: { LaunchTemplateId: templateId, Version: '$Latest' },
        Overrides: [
          { InstanceType: 'c6i.xlarge', SubnetId: firstSubnet },
          { InstanceType: 'c6i.xlarge', SubnetId: secondSubnet },
          { InstanceType: 'c5.xlarge', SubnetId: firstSubnet },
        ],
      },
    ],
    TargetCapacitySpecification: {
      TotalTargetCapacity: total,
      DefaultTargetCapacityType: 'on-demand',
    },
    ...more,
  };
}

async function launch(total: number, more: Partial<CreateFleetCommandInput> = {}) {
  const reply = await ec2.send(new CreateFleetCommand(fleet(total, more)));
  const ids = (reply.Instances ?? []).flatMap(({ InstanceIds = [] }) => InstanceIds);
  return { reply, ids };
}

async function described(ids: string[]) {
  const reply = await ec2.send(new DescribeInstancesCommand({ InstanceIds: ids }));
  return (reply.Reservations ?? []).flatMap(({ Instances = [] }) => Instances);
}

const running = (id: string) => (): boolean => cloud.gateway.ec2.find(id)?.state === 'running';

describe('CreateFleet', () => {
  it('applies the launch template, with the tags of the call added to its own', async () => {
    const release = cloud.clock.hold();
    const { ids } = await launch(1, {
      TagSpecifications: [
        { ResourceType: 'instance', Tags: [{ Key: 'bridges:launch', Value: 'one' }] },
      ],
    });
    const [instance] = await described(ids);
    expect(instance).toMatchObject({
      State: { Name: 'pending', Code: 0 },
      ImageId: 'ami-0123456789abcdef0',
      InstanceType: 'c6i.xlarge',
      SubnetId: firstSubnet,
      PrivateIpAddress: '10.213.1.10',
      IamInstanceProfile: { Arn: 'arn:aws:iam::123456789012:instance-profile/bridges' },
      MetadataOptions: { HttpTokens: 'required', InstanceMetadataTags: 'enabled' },
      SecurityGroups: [{ GroupId: 'sg-0123456789abcdef0' }],
    });
    const tags = Object.fromEntries((instance?.Tags ?? []).map((t) => [t.Key ?? '', t.Value]));
    expect(tags).toMatchObject({ 'bridges:fleet': 'local', 'bridges:launch': 'one' });
    expect(cloud.machines.machines).toEqual([
      {
        instanceId: String(ids[0]),
        privateIpAddress: '10.213.1.10',
        userData,
        imageId: 'ami-0123456789abcdef0',
      },
    ]);
    release();
  });

  it('splits on-demand and spot, and takes equal pools in no turn: the same one again', async () => {
    const { ids } = await launch(4, {
      TargetCapacitySpecification: {
        TotalTargetCapacity: 4,
        OnDemandTargetCapacity: 1,
        DefaultTargetCapacityType: 'spot',
      },
    });
    const instances = await described(ids);
    expect(instances.map((i) => i.InstanceLifecycle ?? 'on-demand').sort()).toEqual([
      'on-demand', 'spot', 'spot', 'spot',
    ]); // prettier-ignore
    expect(new Set(instances.map((i) => i.SubnetId)).size).toBe(1);
    expect(new Set(instances.map((i) => i.PrivateIpAddress)).size).toBe(4);
  });

  it('answers a repeated client token with the first answer, and refuses other parameters', async () => {
    const first = await launch(2, { ClientToken: 'token' });
    const repeat = await launch(2, { ClientToken: 'token' });
    expect(repeat.ids).toEqual(first.ids);
    expect(cloud.gateway.ec2.all()).toHaveLength(2);
    await expect(launch(3, { ClientToken: 'token' })).rejects.toMatchObject({
      name: 'IdempotentParameterMismatch',
    });
    expect(cloud.gateway.ec2.all()).toHaveLength(2);
  });

  it('launches nothing in a dry run', async () => {
    await expect(launch(1, { DryRun: true })).rejects.toMatchObject({ name: 'DryRunOperation' });
    expect(cloud.gateway.ec2.all()).toHaveLength(0);
  });

  it('goes to the next type when one has no capacity, and reports both', async () => {
    cloud.gateway.faults.capacity = ({ instanceType }) =>
      instanceType === 'c6i.xlarge' ? 'InsufficientInstanceCapacity' : undefined;
    const { reply, ids } = await launch(2);
    expect((await described(ids)).map((i) => i.InstanceType)).toEqual(['c5.xlarge', 'c5.xlarge']);
    expect(reply.Errors?.map((e) => e.ErrorCode)).toEqual([
      'InsufficientInstanceCapacity',
      'InsufficientInstanceCapacity',
    ]);
  });
});

describe('the life of an instance', () => {
  it('is pending until its machine runs, and visible as terminated for an hour', async () => {
    const { ids } = await launch(1);
    const [id = ''] = ids;
    await eventually(running(id));
    const release = cloud.clock.hold();
    const reply = await ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));
    expect(reply.TerminatingInstances?.[0]).toMatchObject({
      PreviousState: { Name: 'running' },
      CurrentState: { Name: 'shutting-down' },
    });
    release();
    await eventually(() => cloud.gateway.ec2.find(id)?.state === 'terminated');
    expect(cloud.machines.machines).toEqual([]);
    expect((await described(ids))[0]?.PrivateIpAddress).toBeUndefined();
    cloud.clock.offsetMilliseconds = 3_601_000;
    expect((await ec2.send(new DescribeInstancesCommand({}))).Reservations).toEqual([]);
  });

  it('ends with the machine when that powers itself off', async () => {
    const { ids } = await launch(1);
    const [id = ''] = ids;
    await eventually(running(id));
    cloud.machines.powerOff(id);
    await eventually(() => cloud.gateway.ec2.find(id)?.state === 'terminated');
    expect((await described(ids))[0]?.StateReason?.Code).toBe('Client.InstanceInitiatedShutdown');
  });

  it('never gives an address twice', async () => {
    const first = await launch(1);
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: first.ids }));
    await eventually(() => cloud.gateway.ec2.find(first.ids[0] ?? '')?.state === 'terminated');
    const second = await launch(1);
    expect((await described(second.ids))[0]?.PrivateIpAddress).toBe('10.213.1.11');
  });
});

describe('DescribeInstances', () => {
  it('filters by tags and state', async () => {
    const { ids } = await launch(2);
    await ec2.send(
      new CreateTagsCommand({
        Resources: ids.slice(0, 1),
        Tags: [{ Key: 'bridges:drain', Value: 'now surplus' }],
      }),
    );
    const found = async (Name: string, Values: string[]) =>
      (await ec2.send(new DescribeInstancesCommand({ Filters: [{ Name, Values }] }))).Reservations
        ?.length;
    expect(await found('tag:bridges:fleet', ['local'])).toBe(2);
    expect(await found('tag-key', ['bridges:drain'])).toBe(1);
    expect(await found('tag:bridges:drain', ['now*'])).toBe(1);
    expect(await found('instance-state-name', ['terminated'])).toBe(0);
    await expect(found('no-such-filter', ['x'])).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  });

  it('pages', async () => {
    const { ids } = await launch(12);
    const seen: string[] = [];
    let NextToken: string | undefined;
    do {
      const reply = await ec2.send(new DescribeInstancesCommand({ MaxResults: 5, NextToken }));
      const page = (reply.Reservations ?? []).flatMap((r) => r.Instances ?? []);
      expect(page.length).toBeLessThanOrEqual(5);
      seen.push(...page.map((i) => i.InstanceId ?? ''));
      NextToken = reply.NextToken;
    } while (NextToken !== undefined);
    expect(seen).toEqual(ids);
  });

  it('refuses an unknown id', async () => {
    await expect(described(['i-0123456789abcdef0'])).rejects.toMatchObject({
      name: 'InvalidInstanceID.NotFound',
    });
    await expect(described(['i-x'])).rejects.toMatchObject({ name: 'InvalidInstanceID.Malformed' });
  });

  it('shows an instance that was there before', async () => {
    cloud.gateway.ec2.addInstance({
      instanceId: 'i-0a0a0a0a0a0a0a0a0',
      privateIpAddress: '10.213.0.10',
      tags: { Name: 'server' },
    });
    expect((await described(['i-0a0a0a0a0a0a0a0a0']))[0]).toMatchObject({
      State: { Name: 'running' },
      PrivateIpAddress: '10.213.0.10',
    });
  });
});

describe('tags', () => {
  it.each([
    ['a slash', 'a/b'],
    ['a space', 'a b'],
    ['the prefix aws:', 'aws:x'],
    ['129 characters', 'x'.repeat(129)],
  ])('a key with %s is refused on an instance with tags in its metadata', async (_, Key) => {
    const { ids } = await launch(1);
    await expect(
      ec2.send(new CreateTagsCommand({ Resources: ids, Tags: [{ Key, Value: '' }] })),
    ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('a launch with such a key launches nothing', async () => {
    const TagSpecifications = [
      { ResourceType: 'instance' as const, Tags: [{ Key: 'a/b', Value: '' }] },
    ];
    expect((await launch(1, { TagSpecifications })).ids).toEqual([]);
    expect(cloud.gateway.ec2.all()).toEqual([]);
  });

  it('are deleted by key, or only with a given value', async () => {
    const { ids } = await launch(1);
    const tags = () => cloud.gateway.ec2.find(ids[0] ?? '')?.tags;
    const remove = (Value?: string) =>
      ec2.send(new DeleteTagsCommand({ Resources: ids, Tags: [{ Key: 'bridges:fleet', Value }] }));
    await remove('other');
    expect(tags()?.get('bridges:fleet')).toBe('local');
    await remove();
    expect(tags()?.has('bridges:fleet')).toBe(false);
  });
});

it('RunInstances takes the template and lets the call win', async () => {
  const reply = await ec2.send(
    new RunInstancesCommand({
      MinCount: 2,
      MaxCount: 2,
      InstanceType: 'c5.large',
      LaunchTemplate: { LaunchTemplateId: templateId },
    }),
  );
  expect(reply.Instances?.map((i) => i.InstanceType)).toEqual(['c5.large', 'c5.large']);
  expect(reply.Instances?.[0]?.Tags).toContainEqual({ Key: 'bridges:fleet', Value: 'local' });
});

it('DescribeInstanceStatus shows running instances, GetConsoleOutput their console', async () => {
  const release = cloud.clock.hold();
  const { ids } = await launch(1);
  const [id = ''] = ids;
  const shown = async () =>
    (await ec2.send(new DescribeInstanceStatusCommand({}))).InstanceStatuses?.length;
  expect(await shown()).toBe(0);
  release();
  await eventually(running(id));
  expect(await shown()).toBe(1);
  cloud.machines.print(id, 'boot failed\n');
  const { Output = '' } = await ec2.send(new GetConsoleOutputCommand({ InstanceId: id }));
  expect(Buffer.from(Output, 'base64').toString()).toBe('boot failed\n');
});
