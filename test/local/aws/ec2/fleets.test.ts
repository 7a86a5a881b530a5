import {
  CreateFleetCommand,
  CreateTagsCommand,
  DescribeInstancesCommand,
  EC2Client,
  type CreateFleetCommandInput,
  type FleetLaunchTemplateOverridesRequest,
} from '@aws-sdk/client-ec2';
import type { Behaviour } from '../../../../local/aws/behaviour';
import { localNetwork } from '../../../../local/aws/ec2/network';
import { startTestCloud, templateId, type TestCloud } from '../fakes';

const subnets = localNetwork.subnets.map(({ subnetId }) => subnetId);
const [first = '', second = '', third = ''] = subnets;

let cloud: TestCloud;
let ec2: EC2Client;

async function start(behaviour: Partial<Behaviour> = {}): Promise<void> {
  cloud = await startTestCloud(undefined, { behaviour });
  ec2 = new EC2Client(cloud.client);
}

afterEach(async () => {
  ec2.destroy();
  await cloud.close();
});

const pool = (
  SubnetId: string,
  Priority?: number,
  InstanceType: FleetLaunchTemplateOverridesRequest['InstanceType'] = 'c6i.xlarge',
): FleetLaunchTemplateOverridesRequest => ({
  InstanceType,
  SubnetId,
  ...(Priority === undefined ? {} : { Priority }),
});

async function launch(
  Overrides: FleetLaunchTemplateOverridesRequest[],
  more: Partial<CreateFleetCommandInput> & { readonly count?: number; readonly spot?: number } = {},
) {
  const { count = 1, spot = 0, ...rest } = more;
  const reply = await ec2.send(
    new CreateFleetCommand({
      Type: 'instant',
      LaunchTemplateConfigs: [
        {
          LaunchTemplateSpecification: { LaunchTemplateId: templateId, Version: '3' },
          Overrides,
        },
      ],
      TargetCapacitySpecification: {
        TotalTargetCapacity: count,
        SpotTargetCapacity: spot,
        DefaultTargetCapacityType: 'on-demand',
      },
      OnDemandOptions: { AllocationStrategy: 'prioritized' },
      SpotOptions: { AllocationStrategy: 'price-capacity-optimized' },
      ...rest,
    }),
  );
  const ids = (reply.Instances ?? []).flatMap(({ InstanceIds = [] }) => InstanceIds);
  const places = ids.map((id) => {
    const { subnetId, instanceType, lifecycle } = cloud.gateway.ec2.find(id)?.spec ?? {};
    return { subnetId, instanceType, lifecycle };
  });
  const errors = (reply.Errors ?? []).map(({ ErrorCode, LaunchTemplateAndOverrides }) => [
    LaunchTemplateAndOverrides?.Overrides?.SubnetId,
    ErrorCode,
  ]);
  return { ids, places, subnetIds: places.map(({ subnetId }) => subnetId), errors };
}

it('puts orders of equal priority into the same zone again and again, in whatever order they are listed', async () => {
  await start();
  const seen = [
    await launch([pool(first, 0), pool(second, 0), pool(third, 0)]),
    await launch([pool(third, 0), pool(second, 0), pool(first, 0)]),
    await launch([pool(second, 0), pool(third, 0), pool(first, 0)], { count: 2 }),
  ];
  expect(new Set(seen.flatMap(({ subnetIds }) => subnetIds)).size).toBe(1);
});

it('follows distinct priorities, and fills one pool before the next', async () => {
  await start();
  const { subnetIds } = await launch([pool(first, 2), pool(second, 1), pool(third, 0)], {
    count: 3,
  });
  expect(subnetIds).toEqual([third, third, third]);
});

it('ignores priorities without an allocation strategy that uses them', async () => {
  await start();
  const { subnetIds } = await launch([pool(first, 1), pool(second, 0)], { OnDemandOptions: {} });
  expect(subnetIds).toEqual([first]);
});

it('tries three pools of a request, and calls the others unfulfillable although they have room', async () => {
  await start();
  cloud.gateway.faults.capacity = ({ instanceType }) =>
    instanceType === 'c6i.xlarge' ? 'InsufficientInstanceCapacity' : undefined;
  const { ids, errors } = await launch([
    pool(first, 0),
    pool(second, 1),
    pool(third, 2),
    pool(first, 3, 'c5.xlarge'),
    pool(second, 4, 'c5.xlarge'),
  ]);
  expect(ids).toEqual([]);
  expect(errors).toEqual([
    [first, 'InsufficientInstanceCapacity'],
    [second, 'InsufficientInstanceCapacity'],
    [third, 'InsufficientInstanceCapacity'],
    [first, 'UnfulfillableCapacity'],
    [second, 'UnfulfillableCapacity'],
  ]);
});

it('tells of each instance which template and fleet it is from, and lets nobody set such a tag', async () => {
  await start();
  const { ids } = await launch([pool(first)]);
  const { Reservations = [] } = await ec2.send(
    new DescribeInstancesCommand({
      Filters: [{ Name: 'tag:aws:ec2launchtemplate:id', Values: [templateId] }],
    }),
  );
  const [instance] = Reservations.flatMap(({ Instances = [] }) => Instances);
  expect(instance?.InstanceId).toBe(ids[0]);
  expect(instance?.Tags).toEqual(
    expect.arrayContaining([
      { Key: 'aws:ec2:fleet-id', Value: expect.stringMatching(/^fleet-/) as unknown },
      { Key: 'aws:ec2launchtemplate:id', Value: templateId },
      { Key: 'aws:ec2launchtemplate:version', Value: '3' },
    ]),
  );
  const Tags = [{ Key: 'aws:ec2launchtemplate:id', Value: 'lt-other' }];
  await expect(ec2.send(new CreateTagsCommand({ Resources: ids, Tags }))).rejects.toMatchObject({
    name: 'InvalidParameterValue',
  });
});

it('refuses a request that has a pool twice', async () => {
  await start();
  await expect(launch([pool(first, 0), pool(first, 1)])).rejects.toMatchObject({
    name: 'InvalidFleetConfig',
  });
});

it('has limits of the account that are the same for every pool', async () => {
  await start({ vcpuLimit: { 'on-demand': 8, spot: 4 } });
  const pools = [pool(first, 0), pool(second, 1)];
  const onDemand = await launch(pools, { count: 3 });
  expect(onDemand.ids).toHaveLength(2);
  expect(onDemand.errors).toEqual([
    [first, 'VcpuLimitExceeded'],
    [second, 'VcpuLimitExceeded'],
  ]);
  const spot = await launch(pools, { count: 2, spot: 2 });
  expect(spot.places).toMatchObject([{ lifecycle: 'spot' }]);
  expect(spot.errors.map(([, code]) => code)).toEqual([
    'MaxSpotInstanceCountExceeded',
    'MaxSpotInstanceCountExceeded',
  ]);
});

it('does not fall back from spot to on demand', async () => {
  await start();
  cloud.gateway.faults.capacity = ({ lifecycle }) =>
    lifecycle === 'spot' ? 'InsufficientInstanceCapacity' : undefined;
  const { ids } = await launch([pool(first, 0)], { count: 2, spot: 2 });
  expect(ids).toEqual([]);
});

it('may answer a repeated token with no instances, and launches none either way', async () => {
  await start({ repeatedLaunch: 'empty' });
  const request = { ClientToken: 'token', count: 2 };
  expect((await launch([pool(first, 0)], request)).ids).toHaveLength(2);
  expect((await launch([pool(first, 0)], request)).ids).toEqual([]);
  expect(cloud.gateway.ec2.all()).toHaveLength(2);
  await expect(launch([pool(second, 0)], request)).rejects.toMatchObject({
    name: 'IdempotentParameterMismatch',
  });
});
