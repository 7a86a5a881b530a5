import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  EC2Client,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import {
  describeBridge,
  describeBridges,
  listFleetIds,
  tagInstances,
  terminateInstance,
  untagInstances,
} from '../../../../lambdas/adapters/aws/ec2';

const client = new EC2Client({ region: 'us-east-1' });
const ec2 = mockClient(client);
afterEach(() => ec2.reset());

const fleetTag = { Key: 'bridges:fleet', Value: 'test' };

test('describes all pages of the fleet, terminated instances left out', async () => {
  ec2
    .on(DescribeInstancesCommand)
    .resolvesOnce({
      Reservations: [
        {
          Instances: [
            {
              InstanceId: 'i-1',
              State: { Name: 'running' },
              InstanceType: 'c6i.xlarge',
              PrivateIpAddress: '10.0.0.1',
              Placement: { AvailabilityZone: 'us-east-1a' },
              LaunchTime: new Date('2027-01-01T00:00:00.900Z'),
              InstanceLifecycle: 'spot',
              IamInstanceProfile: { Arn: 'arn:aws:iam::123456789012:instance-profile/bridges' },
              Tags: [fleetTag, { Key: 'bridges:weight', Value: '2' }],
            },
            { InstanceId: 'i-2', State: { Name: 'terminated' }, Tags: [fleetTag] },
          ],
        },
      ],
      NextToken: 'more',
    })
    .resolvesOnce({
      Reservations: [
        {
          Instances: [
            { InstanceId: 'i-3', State: { Name: 'pending' }, Tags: [fleetTag] },
            { InstanceId: 'i-4', State: { Name: 'running' }, Tags: [] },
          ],
        },
      ],
    });
  expect(await describeBridges(client, 'test')).toEqual([
    {
      instanceId: 'i-1',
      state: 'running',
      privateIpAddress: '10.0.0.1',
      instanceType: 'c6i.xlarge',
      zone: 'us-east-1a',
      market: 'spot',
      instanceProfileArn: 'arn:aws:iam::123456789012:instance-profile/bridges',
      launchedAt: Date.parse('2027-01-01T00:00:00Z') / 1000,
      tags: { 'bridges:fleet': 'test', 'bridges:weight': '2' },
    },
    expect.objectContaining({ instanceId: 'i-3', state: 'pending', market: 'on-demand' }),
  ]);
  const [first, second] = ec2.commandCalls(DescribeInstancesCommand);
  expect(first?.args[0].input.Filters).toEqual([
    { Name: 'tag:bridges:fleet', Values: ['test'] },
    {
      Name: 'instance-state-name',
      Values: ['pending', 'running', 'shutting-down', 'stopping', 'stopped'],
    },
  ]);
  expect(second?.args[0].input.NextToken).toBe('more');
});

test('tags and untags several instances in one call, none in no call', async () => {
  ec2.on(CreateTagsCommand).resolves({}).on(DeleteTagsCommand).resolves({});
  await tagInstances(client, ['i-1', 'i-2'], { a: '1' });
  await untagInstances(client, ['i-1'], ['a']);
  await tagInstances(client, [], { a: '1' });
  await untagInstances(client, [], ['a']);
  expect(ec2.calls().map(({ args }) => args[0].input as unknown)).toEqual([
    { Resources: ['i-1', 'i-2'], Tags: [{ Key: 'a', Value: '1' }] },
    { Resources: ['i-1'], Tags: [{ Key: 'a' }] },
  ]);
});

test('terminating what is gone already is no error, anything else is', async () => {
  const error = (name: string) => Object.assign(new Error(name), { name });
  ec2
    .on(TerminateInstancesCommand)
    .rejectsOnce(error('InvalidInstanceID.NotFound'))
    .rejectsOnce(error('UnauthorizedOperation'));
  await expect(terminateInstance(client, 'i-1')).resolves.toBeUndefined();
  await expect(terminateInstance(client, 'i-1')).rejects.toThrow('UnauthorizedOperation');
});

test('lists the ids of all that carry the tag of the fleet, terminated ones too, on all pages', async () => {
  ec2
    .on(DescribeInstancesCommand)
    .resolvesOnce({ Reservations: [{ Instances: [{ InstanceId: 'i-1' }] }], NextToken: 'more' })
    .resolvesOnce({ Reservations: [{ Instances: [{ InstanceId: 'i-2' }, {}] }] });
  expect(await listFleetIds(client, 'test')).toEqual(['i-1', 'i-2']);
  expect(ec2.commandCalls(DescribeInstancesCommand)[0]?.args[0].input.Filters).toEqual([
    { Name: 'tag:bridges:fleet', Values: ['test'] },
  ]);
});

test('looks at one instance as it is now; one that is terminated or unknown is none', async () => {
  const of = (state: 'stopped' | 'terminated') => ({
    Reservations: [
      { Instances: [{ InstanceId: 'i-1', State: { Name: state }, Tags: [fleetTag] }] },
    ],
  });
  ec2
    .on(DescribeInstancesCommand)
    .resolvesOnce(of('stopped'))
    .resolvesOnce(of('terminated'))
    .resolvesOnce({});
  expect(await describeBridge(client, 'i-1')).toMatchObject({
    instanceId: 'i-1',
    state: 'stopped',
    tags: { 'bridges:fleet': 'test' },
  });
  expect(await describeBridge(client, 'i-1')).toBeUndefined();
  expect(await describeBridge(client, 'i-1')).toBeUndefined();
  expect(ec2.commandCalls(DescribeInstancesCommand)[0]?.args[0].input).toEqual({
    Filters: [{ Name: 'instance-id', Values: ['i-1'] }],
  });
});
