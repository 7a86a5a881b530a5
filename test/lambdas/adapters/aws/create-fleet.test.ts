import { CreateFleetCommand, EC2Client, EC2ServiceException } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { launchBridges } from '../../../../lambdas/adapters/aws/create-fleet';
import { createFleetInputs } from '../../../../lambdas/adapters/aws/fleet-requests';
import type { LaunchRequest } from '../../../../lambdas/core/model/action';

const client = new EC2Client({ region: 'us-east-1' });
const ec2 = mockClient(client);
afterEach(() => ec2.reset());

const request: LaunchRequest = {
  token: 'test-abc-0',
  orderedAt: 1,
  launchTemplateId: 'lt-1',
  launchTemplateVersion: '7',
  onDemandCount: 2,
  spotCount: 1,
  instanceTypes: [
    { type: 'c6i.xlarge', weight: 1 },
    { type: 'c5.xlarge', weight: 1 },
  ],
  subnetIds: ['subnet-a', 'subnet-b'],
  excludedPools: ['c6i.xlarge/subnet-b'],
};

test('the request is made of the stored one alone: types × subnets, split, token, tags', () => {
  expect(createFleetInputs('test', request)).toEqual([
    {
      Type: 'instant',
      ClientToken: 'test-abc-0',
      LaunchTemplateConfigs: [
        {
          LaunchTemplateSpecification: { LaunchTemplateId: 'lt-1', Version: '7' },
          Overrides: [
            { InstanceType: 'c6i.xlarge', SubnetId: 'subnet-a', Priority: 0 },
            { InstanceType: 'c5.xlarge', SubnetId: 'subnet-a', Priority: 2 },
            { InstanceType: 'c5.xlarge', SubnetId: 'subnet-b', Priority: 3 },
          ],
        },
      ],
      TargetCapacitySpecification: {
        TotalTargetCapacity: 3,
        OnDemandTargetCapacity: 2,
        SpotTargetCapacity: 1,
        DefaultTargetCapacityType: 'on-demand',
      },
      OnDemandOptions: { AllocationStrategy: 'prioritized' },
      SpotOptions: { AllocationStrategy: 'price-capacity-optimized' },
      TagSpecifications: [
        {
          ResourceType: 'instance',
          Tags: [
            { Key: 'bridges:fleet', Value: 'test' },
            { Key: 'bridges:launch', Value: 'test-abc-0' },
            { Key: 'Name', Value: 'jitsi-bridge-test' },
            { Key: 'bridges:weight', Value: '1' },
          ],
        },
      ],
    },
  ]);
});

test('types of different weight get no common weight tag', () => {
  const mixed = {
    ...request,
    instanceTypes: [
      { type: 'c6i.xlarge', weight: 1 },
      { type: 'c6i.2xlarge', weight: 2 },
    ],
  };
  const [spec] = createFleetInputs('test', mixed)[0]?.TagSpecifications ?? [];
  expect(spec?.Tags?.map(({ Key }) => Key)).not.toContain('bridges:weight');
});

test('a partial answer is a result: what came, and which pools refused', async () => {
  ec2.on(CreateFleetCommand).resolves({
    Instances: [
      { InstanceIds: ['i-1', 'i-2'], InstanceType: 'c6i.xlarge', Lifecycle: 'on-demand' },
    ],
    Errors: [
      {
        LaunchTemplateAndOverrides: {
          Overrides: { InstanceType: 'c5.xlarge', SubnetId: 'subnet-b' },
        },
        Lifecycle: 'spot',
        ErrorCode: 'InsufficientInstanceCapacity',
        ErrorMessage: 'none',
      },
    ],
  });
  expect(await launchBridges(client, 'test', request)).toEqual({
    status: 'answered',
    launched: [
      { instanceId: 'i-1', instanceType: 'c6i.xlarge', market: 'on-demand' },
      { instanceId: 'i-2', instanceType: 'c6i.xlarge', market: 'on-demand' },
    ],
    refusals: [
      {
        instanceType: 'c5.xlarge',
        subnetId: 'subnet-b',
        market: 'spot',
        code: 'InsufficientInstanceCapacity',
        message: 'none',
      },
    ],
  });
});

function serviceError(name: string, httpStatusCode: number): EC2ServiceException {
  return new EC2ServiceException({
    name,
    message: `${name}!`,
    $fault: httpStatusCode < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode },
  });
}

test('a request that EC2 calls wrong is refused', async () => {
  ec2.on(CreateFleetCommand).rejects(serviceError('InvalidLaunchTemplateId.NotFound', 400));
  expect(await launchBridges(client, 'test', request)).toEqual({
    status: 'refused',
    code: 'InvalidLaunchTemplateId.NotFound',
    message: 'InvalidLaunchTemplateId.NotFound!',
  });
});

test.each([
  ['a throttle', serviceError('RequestLimitExceeded', 400)],
  ['a server error', serviceError('InternalError', 500)],
  ['a time-out', Object.assign(new Error('slow'), { name: 'TimeoutError' })],
])('%s leaves open whether there was a launch, and is thrown', async (_name, error) => {
  ec2.on(CreateFleetCommand).rejects(error);
  await expect(launchBridges(client, 'test', request)).rejects.toBe(error);
});

test("the operator's own tags come beside those of the fleet", () => {
  const [input] = createFleetInputs('test', request, { 'cost-center': 'video' });
  const [spec] = input?.TagSpecifications ?? [];
  expect(spec?.ResourceType).toBe('instance');
  expect(spec?.Tags?.slice(0, 2)).toEqual([
    { Key: 'cost-center', Value: 'video' },
    { Key: 'bridges:fleet', Value: 'test' },
  ]);
});

describe('an order that is spread over zones', () => {
  const spread: LaunchRequest = {
    ...request,
    onDemandCount: 5,
    spotCount: 2,
    instanceTypes: [{ type: 'c6i.xlarge', weight: 1 }],
    subnetIds: ['subnet-b', 'subnet-c', 'subnet-a'],
    onDemandPerSubnet: [3, 0, 2],
    excludedPools: [],
  };
  const answerOf = (id: string) => ({
    Instances: [
      { InstanceIds: [id], InstanceType: 'c6i.xlarge' as const, Lifecycle: 'on-demand' as const },
    ],
    Errors: [],
  });
  const launchedAs = (instanceId: string) => ({
    instanceId,
    instanceType: 'c6i.xlarge',
    market: 'on-demand',
  });

  test('is one request for each zone, with a token of its own and the tag of the order', () => {
    const inputs = createFleetInputs('test', spread);
    const seen = inputs.map((input) => ({
      token: input.ClientToken,
      subnets: input.LaunchTemplateConfigs?.[0]?.Overrides?.map(({ SubnetId }) => SubnetId),
      onDemand: input.TargetCapacitySpecification?.OnDemandTargetCapacity,
      spot: input.TargetCapacitySpecification?.SpotTargetCapacity,
      order: input.TagSpecifications?.[0]?.Tags?.find(({ Key }) => Key === 'bridges:launch')?.Value,
    }));
    expect(seen).toEqual([
      {
        token: 'test-abc-0-0',
        subnets: ['subnet-b', 'subnet-c', 'subnet-a'],
        onDemand: 3,
        spot: 2,
        order: 'test-abc-0',
      },
      {
        token: 'test-abc-0-1',
        subnets: ['subnet-a', 'subnet-b', 'subnet-c'],
        onDemand: 2,
        spot: 0,
        order: 'test-abc-0',
      },
    ]);
    expect(createFleetInputs('test', spread)).toEqual(inputs);
  });

  test('is answered by all parts together; one that says nothing is told', async () => {
    ec2.on(CreateFleetCommand).resolvesOnce({}).resolvesOnce(answerOf('i-2'));
    expect(await launchBridges(client, 'test', spread)).toEqual({
      status: 'answered',
      launched: [launchedAs('i-2')],
      refusals: [],
      silentParts: 1,
    });
  });

  test('is not sent any further when EC2 calls a part wrong; what was launched is told', async () => {
    ec2
      .on(CreateFleetCommand)
      .resolvesOnce(answerOf('i-1'))
      .rejectsOnce(serviceError('UnauthorizedOperation', 403));
    expect(await launchBridges(client, 'test', spread)).toEqual({
      status: 'answered',
      launched: [launchedAs('i-1')],
      refusals: [
        {
          market: 'on-demand',
          code: 'UnauthorizedOperation',
          message: 'UnauthorizedOperation!',
        },
      ],
    });
    ec2.reset();
    ec2.on(CreateFleetCommand).rejects(serviceError('UnauthorizedOperation', 403));
    expect(await launchBridges(client, 'test', spread)).toMatchObject({ status: 'refused' });
    expect(ec2.commandCalls(CreateFleetCommand)).toHaveLength(1);
  });

  test('is open as a whole when a part is', async () => {
    const throttle = serviceError('RequestLimitExceeded', 400);
    ec2.on(CreateFleetCommand).resolvesOnce(answerOf('i-1')).rejectsOnce(throttle);
    await expect(launchBridges(client, 'test', spread)).rejects.toBe(throttle);
  });
});
