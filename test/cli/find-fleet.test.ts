import {
  CloudFormationClient,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';

import { findFleet, findFunction } from '../../cli/find-fleet';

const stackCalled = (StackName: string, outputs: Readonly<Record<string, string>>): Stack => ({
  StackName,
  CreationTime: new Date(0),
  StackStatus: 'CREATE_COMPLETE',
  Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
});
const unrelated = stackCalled('Unrelated', { TeamFleetName: 'vans', Bucket: 'b' });

/** A stack of `FleetStack`. */
const own = (fleet: string) =>
  stackCalled(`JitsiBridges-${fleet}`, {
    FleetName: fleet,
    ScalerFunctionName: `${fleet}-scaler`,
    ReaderFunctionName: `${fleet}-reader`,
  });

/** A stack of the operator's, with two fleets among other things. */
const shared = stackCalled('Meetings', {
  ...{ BlueFleetName: 'blue', BlueScalerFunctionName: 'blue-scaler', BlueBakeTemplateId: 'lt-1' },
  ...{ GreenFleetName: 'green', GreenScalerFunctionName: 'green-scaler', WebsiteUrl: 'u' },
});

function accountWith(...stacks: readonly Stack[]): CloudFormationClient {
  const client = new CloudFormationClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  mock.on(DescribeStacksCommand).callsFake(({ StackName }: { StackName?: string }) => {
    if (StackName === undefined) return { Stacks: [unrelated, ...stacks] };
    const found = stacks.filter((one) => one.StackName === StackName);
    if (found.length === 0)
      throw Object.assign(new Error('does not exist'), { name: 'ValidationError' });
    return { Stacks: found };
  });
  return client;
}

test('the only fleet of the account needs no name', async () => {
  await expect(findFunction(accountWith(own('prod')), 'scaler')).resolves.toBe('prod-scaler');
});

test.each([
  ['in a stack of its own', 'test', 'test-scaler'],
  ['in a stack that has more than that', 'green', 'green-scaler'],
])('a named fleet is found %s', async (_, fleet, scaler) => {
  const account = accountWith(own('prod'), own('test'), shared);
  await expect(findFunction(account, 'scaler', fleet)).resolves.toBe(scaler);
});

test('several fleets and no name: the error lists them', async () => {
  const account = accountWith(own('prod'), shared);
  await expect(findFunction(account, 'scaler')).rejects.toThrow(/prod, blue, green.*--fleet/);
});

test('no fleet, or not that one: the error says what to check', async () => {
  await expect(findFunction(accountWith(), 'scaler')).rejects.toThrow(/AWS_REGION/);
  await expect(findFunction(accountWith(), 'scaler', 'test')).rejects.toThrow(/AWS_REGION/);
  await expect(findFunction(accountWith(own('prod')), 'scaler', 'test')).rejects.toThrow(
    'no fleet test is deployed in this account and region, only prod: check --fleet',
  );
});

test('an output that a stack does not have yet: the error says what to do', async () => {
  const account = accountWith(shared);
  expect((await findFleet(account, 'blue')).output('BakeTemplateId')).toBe('lt-1');
  const green = await findFleet(account, 'green');
  expect(() => green.output('BakeTemplateId')).toThrow(
    'stack Meetings has no output GreenBakeTemplateId: deploy it again with this version',
  );
});

test('the reader is another function than the scaler', async () => {
  await expect(findFunction(accountWith(own('prod')), 'reader')).resolves.toBe('prod-reader');
});
