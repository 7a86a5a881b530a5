import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { reportsOf } from '../../../../lambdas/adapters/aws/bridge-figures';
import { fleetMetricsOf } from '../../../../lambdas/adapters/aws/metrics';

const client = new CloudWatchClient({ region: 'us-east-1' });
const cloudWatch = mockClient(client);
const metrics = fleetMetricsOf(client, 'test');
afterEach(() => cloudWatch.reset());

const now = 1_800_000_030;
const minute = 1_799_999_940;

/** Every figure of these instances. */
const all = (...ids: readonly string[]) => ({ stress: ids, calls: ids, draining: ids });

type Series = Readonly<Record<number, number>>;

/** Answers each query from `<metric>` or `<bridge> <metric>` → values by epoch second. */
function answerWith(data: Readonly<Record<string, Series>>): void {
  cloudWatch.on(GetMetricDataCommand).callsFake((input: GetMetricDataCommandInput) => ({
    MetricDataResults: input.MetricDataQueries?.map(({ Id, MetricStat }) => {
      const metric = MetricStat?.Metric;
      const bridge = metric?.Dimensions?.find(({ Name }) => Name === 'Bridge')?.Value;
      const name = [bridge, metric?.MetricName].filter((part) => part !== undefined).join(' ');
      const series = Object.entries(data[name] ?? {});
      return {
        Id,
        Timestamps: series.map(([at]) => new Date(Number(at) * 1000)),
        Values: series.map(([, value]) => value),
      };
    }),
  }));
}

test('joins the metrics of a bridge by minute; an incomplete minute is no report', async () => {
  answerWith({
    'jvb-01 Stress': { [minute - 60]: 0.5, [minute]: 0.6 },
    'jvb-01 Participants': { [minute - 60]: 3, [minute]: 4 },
    'jvb-01 Conferences': { [minute]: 1 },
    'jvb-01 Draining': { [minute]: 1 },
  });
  const figures = await metrics.figures(all('i-01', 'i-02'), now - 600, now);
  expect(reportsOf(figures.get('i-01') ?? {})).toEqual([
    { minute, stressRatio: 0.6, participantCount: 4, conferenceCount: 1, draining: true },
  ]);
  expect(reportsOf(figures.get('i-02') ?? {})).toEqual([]);
});

test('what was not asked for costs nothing and is absent, not 0', async () => {
  answerWith({
    BridgesReporting: { [minute - 60]: 2, [minute]: 2 },
    DrainsReported: { [minute - 60]: 0, [minute]: 1 },
    'jvb-01 Stress': { [minute]: 0.6 },
    'jvb-01 Participants': { [minute]: 4 },
    'jvb-02 Stress': { [minute]: 0.5 },
    'jvb-02 Draining': {},
  });
  const asked = { stress: ['i-01', 'i-02'], calls: [], draining: ['i-02'] };
  const { heartbeats, drainsReported, figures } = await metrics.hear(asked, now - 600, now);
  expect({ heartbeats, drainsReported }).toEqual({
    heartbeats: [minute - 60, minute],
    drainsReported: 1,
  });
  expect(reportsOf(figures.get('i-01') ?? {})).toEqual([{ minute, stressRatio: 0.6 }]);
  expect(reportsOf(figures.get('i-02') ?? {})).toEqual([
    { minute, stressRatio: 0.5, draining: false },
  ]);
  const requests = cloudWatch.commandCalls(GetMetricDataCommand);
  expect(requests.map(({ args }) => args[0].input.MetricDataQueries?.length)).toEqual([5]);
});

test('figures of a bridge that has no stress are no report', () => {
  expect(reportsOf({ participants: new Map([[minute, 1]]) })).toEqual([]);
});

test('without a heartbeat nobody tells how many drain', async () => {
  answerWith({ DrainsReported: { [minute]: 1 } });
  const heard = await metrics.hear(all(), now - 600, now);
  expect(heard).toMatchObject({ heartbeats: [], drainsReported: undefined });
});

test.each([
  ['NaN', NaN],
  ['infinite', Infinity],
  ['negative', -1],
])('a value that is %s makes no report', async (_name, value) => {
  answerWith({
    'jvb-01 Stress': { [minute]: 0.6 },
    'jvb-01 Participants': { [minute]: value },
    'jvb-01 Conferences': { [minute]: 1 },
  });
  const figures = await metrics.figures(all('i-01'), now - 600, now);
  expect(reportsOf(figures.get('i-01') ?? {})).toEqual([]);
});

test('asks for maxima per minute of this fleet, whole minutes, the running one included', async () => {
  answerWith({ BridgesReporting: { [minute]: 0, [minute - 60]: 2 } });
  expect(await metrics.heartbeats(now - 600, now)).toEqual([minute - 60, minute]);
  const input = cloudWatch.commandCalls(GetMetricDataCommand)[0]?.args[0].input;
  expect(input?.StartTime).toEqual(new Date(1_799_999_400_000));
  expect(input?.EndTime).toEqual(new Date(1_800_000_060_000));
  expect(input?.MetricDataQueries?.[0]).toMatchObject({
    MetricStat: {
      Metric: { Namespace: 'JitsiBridges', Dimensions: [{ Name: 'Fleet', Value: 'test' }] },
      Period: 60,
      Stat: 'Maximum',
    },
  });
});

test('200 bridges take two requests of at most 500 queries, and keep their own values', async () => {
  const ids = Array.from({ length: 200 }, (_, index) => `i-${index.toString(16).padStart(8, '0')}`);
  const data = Object.fromEntries(
    ids.flatMap((id, index) =>
      ['Stress', 'Participants', 'Conferences'].map((name) => [
        `${id.replace('i-', 'jvb-')} ${name}`,
        { [minute]: index },
      ]),
    ),
  );
  answerWith(data);
  const figures = await metrics.figures(all(...ids), now - 600, now);
  const sizes = cloudWatch
    .commandCalls(GetMetricDataCommand)
    .map(({ args }) => args[0].input.MetricDataQueries?.length);
  expect(sizes).toEqual([500, 300]);
  expect(ids.map((id) => reportsOf(figures.get(id) ?? {})[0]?.participantCount)).toEqual(
    ids.map((_, index) => index),
  );
});

test('values of a metric that are spread over pages are put together', async () => {
  const page = (at: number, NextToken?: string) => ({
    MetricDataResults: [{ Id: 'm0', Timestamps: [new Date(at * 1000)], Values: [1] }],
    ...(NextToken === undefined ? {} : { NextToken }),
  });
  cloudWatch
    .on(GetMetricDataCommand)
    .resolvesOnce(page(minute - 60, 'more'))
    .resolvesOnce(page(minute));
  expect(await metrics.heartbeats(now - 600, now)).toEqual([minute - 60, minute]);
});

test('looks hour by hour for bridges that ever reported', async () => {
  answerWith({ 'jvb-02 Stress': { [minute - 90_000]: 0.1 } });
  const since = now - 100_000;
  expect([...(await metrics.everReported(['i-01', 'i-02'], since, now))]).toEqual(['i-02']);
  const query = cloudWatch.commandCalls(GetMetricDataCommand)[0]?.args[0].input;
  expect(query?.MetricDataQueries?.[0]?.MetricStat?.Period).toBe(3600);
});

test('reads the load in whole averages of five minutes, oldest first, without the one under way', async () => {
  const at = 1_799_999_700;
  answerWith({ Load: { [at + 300]: 3, [at]: 2, [at - 300]: 1 } });
  expect(await metrics.loads(now - 100_000, now)).toEqual([
    { at: at - 300, load: 1 },
    { at, load: 2 },
  ]);
  const query = cloudWatch.commandCalls(GetMetricDataCommand)[0]?.args[0].input;
  expect(query?.MetricDataQueries).toMatchObject([
    { MetricStat: { Metric: { MetricName: 'Load' }, Period: 300, Stat: 'Average' } },
  ]);
});

test('no bridges, no request', async () => {
  expect((await metrics.figures(all(), now - 600, now)).size).toBe(0);
  expect(cloudWatch.calls()).toEqual([]);
});

test.each(['InternalError', 'Forbidden'] as const)(
  'a metric that CloudWatch could not read (%s) is no silent bridge',
  async (StatusCode) => {
    cloudWatch
      .on(GetMetricDataCommand)
      .resolves({ MetricDataResults: [{ Id: 'm0', StatusCode, Timestamps: [], Values: [] }] });
    await expect(metrics.everReported(['i-01'], now - 7200, now)).rejects.toThrow(
      `GetMetricData failed with ${StatusCode}`,
    );
  },
);
