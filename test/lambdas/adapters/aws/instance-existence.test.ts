import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { existenceOf } from '../../../../lambdas/adapters/aws/instance-existence';

const ec2 = mockClient(EC2Client);
beforeEach(() => ec2.reset());

test('tells terminated, unknown and existing instances apart over all pages', async () => {
  ec2
    .on(DescribeInstancesCommand)
    .resolvesOnce({
      Reservations: [{ Instances: [{ InstanceId: 'i-a', State: { Name: 'terminated' } }] }],
      NextToken: 'n',
    })
    .resolvesOnce({
      Reservations: [{ Instances: [{ InstanceId: 'i-b', State: { Name: 'shutting-down' } }] }],
    });
  await expect(existenceOf(new EC2Client(), ['i-a', 'i-b', 'i-c'])).resolves.toEqual(
    new Map([
      ['i-a', 'terminated'],
      ['i-b', 'exists'],
      ['i-c', 'unknown'],
    ]),
  );
  expect(ec2.commandCalls(DescribeInstancesCommand)[1]?.args[0].input).toEqual({
    Filters: [{ Name: 'instance-id', Values: ['i-a', 'i-b', 'i-c'] }],
    NextToken: 'n',
  });
});

test('asks in batches of 200 ids, and not at all for none', async () => {
  ec2.on(DescribeInstancesCommand).resolves({});
  await existenceOf(new EC2Client(), []);
  expect(ec2.calls()).toHaveLength(0);
  await existenceOf(
    new EC2Client(),
    Array.from({ length: 201 }, (_, n) => `i-${n}`),
  );
  expect(
    ec2
      .commandCalls(DescribeInstancesCommand)
      .map(({ args }) => args[0].input.Filters?.[0]?.Values?.length),
  ).toEqual([200, 1]);
});
