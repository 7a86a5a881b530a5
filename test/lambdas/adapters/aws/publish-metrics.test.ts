import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import {
  publishMetricsTo,
  type Measurement,
} from '../../../../lambdas/adapters/aws/publish-metrics';

const cloudWatch = mockClient(CloudWatchClient);
beforeEach(() => cloudWatch.reset());
const publish = publishMetricsTo(new CloudWatchClient());
const time = new Date('2026-01-01T00:00:07Z');

function measurement(value: number): Measurement {
  return { name: 'Stress', value, unit: 'None', dimensions: { Fleet: 'blue', Bridge: 'jvb-0a' } };
}

const inputs = () => cloudWatch.commandCalls(PutMetricDataCommand).map(({ args }) => args[0].input);

test('publishes in our namespace with name, value, unit, dimensions and time', async () => {
  cloudWatch.on(PutMetricDataCommand).resolves({});
  await publish([measurement(1.25)], time);
  expect(inputs()).toEqual([
    {
      Namespace: 'JitsiBridges',
      MetricData: [
        {
          MetricName: 'Stress',
          Value: 1.25,
          Unit: 'None',
          Timestamp: time,
          Dimensions: [
            { Name: 'Fleet', Value: 'blue' },
            { Name: 'Bridge', Value: 'jvb-0a' },
          ],
        },
      ],
    },
  ]);
});

test('splits at 1000 per request, in order', async () => {
  cloudWatch.on(PutMetricDataCommand).resolves({});
  await publish(
    Array.from({ length: 2001 }, (_, n) => measurement(n)),
    time,
  );
  expect(inputs().map(({ MetricData }) => MetricData?.length)).toEqual([1000, 1000, 1]);
  expect(inputs()[2]?.MetricData?.[0]?.Value).toBe(2000);
});

test('a number too close to 0 for CloudWatch becomes 0', async () => {
  cloudWatch.on(PutMetricDataCommand).resolves({});
  await publish([measurement(1e-200), measurement(0.1178451178451178)], time);
  expect(inputs()[0]?.MetricData?.map(({ Value }) => Value)).toEqual([0, 0.117845]);
});

test('nothing to publish is no request', async () => {
  await publish([], time);
  expect(cloudWatch.calls()).toHaveLength(0);
});
