import {
  CloudFormationClient,
  CreateStackCommand,
  type CreateStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Chance } from '../../../local/aws/chance';
import { startTestCloud, type TestCloud } from './fakes';

let cloud: TestCloud;
afterEach(() => cloud.close());

it('a standard parameter takes 4096 bytes and no more', async () => {
  cloud = await startTestCloud();
  const ssm = new SSMClient(cloud.client);
  const put = (Value: string) =>
    ssm.send(new PutParameterCommand({ Name: '/a', Value, Type: 'String' }));
  await put('x'.repeat(4096));
  await expect(put(`${'x'.repeat(4095)}é`)).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(put('x'.repeat(4097))).rejects.toMatchObject({ name: 'ValidationException' });
  ssm.destroy();
});

it('calls beyond the account’s rate are throttled, each kind by itself', async () => {
  cloud = await startTestCloud(undefined, { behaviour: { throttles: 'on' } });
  const ssm = new SSMClient(cloud.client);
  const put = () => ssm.send(new PutParameterCommand({ Name: '/a', Value: 'x', Type: 'String' }));
  await put();
  await put();
  await put();
  await expect(put()).rejects.toMatchObject({ name: 'ThrottlingException' });
  await ssm.send(new GetParameterCommand({ Name: '/a' }));
  cloud.clock.offsetMilliseconds += 1000;
  await put();
  ssm.destroy();
});

it('metrics can be read some seconds after they were put, and not before', async () => {
  cloud = await startTestCloud(undefined, { behaviour: { metricDelay: { from: 50, to: 50 } } });
  const client = new CloudWatchClient(cloud.client);
  const now = cloud.clock.now();
  await client.send(
    new PutMetricDataCommand({
      Namespace: 'Bridges',
      MetricData: [{ MetricName: 'Stress', Value: 1, Timestamp: now }],
    }),
  );
  const points = async (): Promise<number> => {
    const { Datapoints = [] } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'Bridges',
        MetricName: 'Stress',
        StartTime: new Date(now.getTime() - 120_000),
        EndTime: new Date(now.getTime() + 120_000),
        Period: 60,
        Statistics: ['Sum'],
      }),
    );
    return Datapoints.length;
  };
  expect(await points()).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 800));
  expect(await points()).toBe(1);
  client.destroy();
});

describe('a quota of ten concurrent executions', () => {
  const stack = (reserved: number): CreateStackCommandInput => ({
    StackName: 'Fleet',
    TemplateBody: JSON.stringify({
      Resources: {
        Tick: {
          Type: 'AWS::Lambda::Function',
          Properties: { ReservedConcurrentExecutions: reserved },
        },
      },
    }),
  });

  it('leaves no room for a reservation, and a deployment that makes one fails', async () => {
    cloud = await startTestCloud(undefined, { behaviour: { concurrencyQuota: 10 } });
    const client = new CloudFormationClient(cloud.client);
    await expect(client.send(new CreateStackCommand(stack(1)))).rejects.toThrow(
      /decreases account's UnreservedConcurrentExecution below its minimum value of \[50\]/,
    );
    expect(cloud.emulator.calls).not.toContain('CreateStack');
    client.destroy();
  });

  it('is what Lambda says the account has', async () => {
    cloud = await startTestCloud(undefined, { behaviour: { concurrencyQuota: 10 } });
    const client = new LambdaClient(cloud.client);
    const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
    expect(AccountLimit?.ConcurrentExecutions).toBe(10);
    client.destroy();
  });
});

test('what is drawn depends on the seed alone, and one purpose does not disturb another', async () => {
  cloud = await startTestCloud();
  const [a, b, other] = [new Chance(1), new Chance(1), new Chance(2)];
  b.next('something else');
  const span = { from: 2, to: 20 };
  const drawn = (chance: Chance) =>
    Array.from({ length: 5 }, () => chance.milliseconds(span, 'metrics'));
  const seen = drawn(a);
  expect(drawn(b)).toEqual(seen);
  expect(drawn(other)).not.toEqual(seen);
  expect(seen.every((each) => each >= 2000 && each < 20_000)).toBe(true);
});
