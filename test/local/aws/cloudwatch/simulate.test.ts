import {
  CloudWatchClient,
  GetMetricDataCommand,
  PutMetricDataCommand,
  type MetricDatum,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';

import { readCloudWatch } from '../../../../cli/simulate/read-cloud-watch';
import { startTestCloud, type TestCloud } from '../fakes';
import { runSimulate } from '../../../bin/simulate/simulate-command';

const fiveMinutes = 300;
const days = 8;
const now = Math.floor(Date.now() / 1000 / fiveMinutes) * fiveMinutes;

let cloud: TestCloud;
let client: CloudWatchClient;

beforeAll(async () => {
  cloud = await startTestCloud();
  client = new CloudWatchClient(cloud.client);
  const data = Array.from({ length: (days * 86_400) / fiveMinutes }, (_, bin) => bin)
    // Three hours in which nothing was published.
    .filter((bin) => bin < 600 || bin >= 636)
    .flatMap((bin) => minuteOf(now - days * 86_400 + bin * fiveMinutes));
  for (let from = 0; from < data.length; from += 1000)
    await client.send(
      new PutMetricDataCommand({
        Namespace: 'JitsiBridges',
        MetricData: data.slice(from, from + 1000),
      }),
    );
});

afterAll(async () => {
  client.destroy();
  await cloud.close();
});

/**
 * Half of the day 200 people on four bridges, one more booting; else 40. A participant costs 1.25
 * %.
 */
function minuteOf(at: number): readonly MetricDatum[] {
  const busy = (at % 86_400) / 3600 >= 12;
  const of = (MetricName: string, Value: number): MetricDatum => ({
    MetricName,
    Value,
    Timestamp: new Date(at * 1000),
    Dimensions: [{ Name: 'Fleet', Value: 'test' }],
  });
  return [
    of('Load', busy ? 2.5 : 0.5),
    of('Participants', busy ? 200 : 40),
    of('BridgesActive', busy ? 4 : 1),
    of('BridgesBooting', 1),
    of('BridgesDraining', busy ? 0 : 1),
  ];
}

test('replays what the fleet published, against what really ran', async () => {
  const run = await runSimulate(['--seeds', '1', '--json'], { cloudWatch: client, now: () => now });
  const report = run.report();
  expect(report).toMatchObject({ scoredDays: 7, source: 'from CloudWatch', peakLoad: 2.5 });
  expect(report.historyDays).toBeCloseTo(1);
  expect(report.stressPerParticipant).toBeCloseTo(0.0125);
  const [recorded, , current] = report.controllers;
  expect(recorded?.bridgeHours).toBeCloseTo(7 * 12 * (5 + 3), -1);
  expect(recorded?.overloadShare).toBeLessThan(0.2);
  expect(current?.bridgeHours).toBeGreaterThan(7 * 24);
  expect(report.notes.join('\n')).toMatch(/There is a gap of 3\.0 h/);
  expect(report.notes.join('\n')).toMatch(/1\.25 % of a bridge: load divided by participants/);
});

test('a fleet that published nothing is told so', async () => {
  const empty = { fleet: 'nobody', weeks: 3, now };
  await expect(readCloudWatch(client, empty)).rejects.toThrow(/no load of fleet nobody/);
});

test('what CloudWatch could not read is no silence', async () => {
  const broken = new CloudWatchClient({ region: 'us-east-1' });
  mockClient(broken)
    .on(GetMetricDataCommand)
    .resolves({ MetricDataResults: [{ Id: 'load', StatusCode: 'InternalError' }] });
  await expect(readCloudWatch(broken, { fleet: 'test', weeks: 1, now })).rejects.toThrow(
    'InternalError',
  );
});

test('all pages are read', async () => {
  const paged = new CloudWatchClient({ region: 'us-east-1' });
  const page = (at: number) => ({
    MetricDataResults: [{ Id: 'load', Timestamps: [new Date(at * 1000)], Values: [1] }],
  });
  mockClient(paged)
    .on(GetMetricDataCommand)
    .resolvesOnce({ ...page(now - 900), NextToken: 'more' })
    .resolvesOnce(page(now - 600));
  const { recording } = await readCloudWatch(paged, { fleet: 'test', weeks: 1, now });
  expect(recording.load.values).toEqual([1, 1]);
  expect(recording.ran).toBeUndefined();
});
