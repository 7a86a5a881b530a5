import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';

import { findScaler } from '../../cli/find-fleet';

const stack = (fleet: string) => ({
  StackName: `JitsiBridges-${fleet}`,
  CreationTime: new Date(0),
  StackStatus: 'CREATE_COMPLETE' as const,
  Outputs: [{ OutputKey: 'ScalerFunctionName', OutputValue: `${fleet}-scaler` }],
});

function accountWith(...fleets: readonly string[]): CloudFormationClient {
  const client = new CloudFormationClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  mock.on(DescribeStacksCommand).callsFake(({ StackName }: { StackName?: string }) => {
    const found = fleets
      .map(stack)
      .filter((one) => StackName === undefined || one.StackName === StackName);
    if (StackName !== undefined && found.length === 0) {
      throw Object.assign(new Error('does not exist'), { name: 'ValidationError' });
    }
    return { Stacks: [...found, { ...stack('x'), StackName: 'Unrelated' }] };
  });
  return client;
}

test('the only fleet of the account needs no name', async () => {
  await expect(findScaler(accountWith('prod'))).resolves.toBe('prod-scaler');
});

test('a named fleet is found among several', async () => {
  await expect(findScaler(accountWith('prod', 'test'), 'test')).resolves.toBe('test-scaler');
});

test('several fleets and no name: the error lists them', async () => {
  await expect(findScaler(accountWith('prod', 'test'))).rejects.toThrow(/prod, test.*--fleet/);
});

test('no fleet, or not that one: the error says what to check', async () => {
  await expect(findScaler(accountWith())).rejects.toThrow(/AWS_REGION/);
  await expect(findScaler(accountWith('prod'), 'test')).rejects.toThrow(/JitsiBridges-test/);
});
