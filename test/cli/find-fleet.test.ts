import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';

import { findFunction } from '../../cli/find-fleet';

const stack = (fleet: string) => ({
  StackName: `JitsiBridges-${fleet}`,
  CreationTime: new Date(0),
  StackStatus: 'CREATE_COMPLETE' as const,
  Outputs: [
    { OutputKey: 'ScalerFunctionName', OutputValue: `${fleet}-scaler` },
    { OutputKey: 'ReaderFunctionName', OutputValue: `${fleet}-reader` },
  ],
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
  await expect(findFunction(accountWith('prod'), 'scaler')).resolves.toBe('prod-scaler');
});

test('a named fleet is found among several', async () => {
  await expect(findFunction(accountWith('prod', 'test'), 'scaler', 'test')).resolves.toBe(
    'test-scaler',
  );
});

test('several fleets and no name: the error lists them', async () => {
  await expect(findFunction(accountWith('prod', 'test'), 'scaler')).rejects.toThrow(
    /prod, test.*--fleet/,
  );
});

test('no fleet, or not that one: the error says what to check', async () => {
  await expect(findFunction(accountWith(), 'scaler')).rejects.toThrow(/AWS_REGION/);
  await expect(findFunction(accountWith('prod'), 'scaler', 'test')).rejects.toThrow(
    /JitsiBridges-test/,
  );
});

test('the reader is another function than the scaler', async () => {
  await expect(findFunction(accountWith('prod'), 'reader')).resolves.toBe('prod-reader');
});
