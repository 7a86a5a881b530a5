import {
  CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
  type GetMetricDataCommandInput,
  type MetricDataQuery,
  type MetricDatum,
} from '@aws-sdk/client-cloudwatch';
import { startTestCloud, type TestCloud } from '../fakes';

const minute = 60_000;
/** A whole minute, ten minutes ago. */
const start = new Date(Math.floor(Date.now() / minute) * minute - 10 * minute);
const at = (minutes: number): Date => new Date(start.getTime() + minutes * minute);

let cloud: TestCloud;
let cloudWatch: CloudWatchClient;

beforeEach(async () => {
  cloud = await startTestCloud();
  cloudWatch = new CloudWatchClient(cloud.client);
});

afterEach(async () => {
  cloudWatch.destroy();
  await cloud.close();
});

const put = (...MetricData: MetricDatum[]) =>
  cloudWatch.send(new PutMetricDataCommand({ Namespace: 'Test', MetricData }));

function query(Id: string, Stat: string, more: Partial<MetricDataQuery> = {}): MetricDataQuery {
  const Metric = { Namespace: 'Test', MetricName: 'Load' };
  return { Id, MetricStat: { Metric, Period: 60, Stat }, ...more };
}

const read = (queries: MetricDataQuery[], more: Partial<GetMetricDataCommandInput> = {}) =>
  cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: start,
      EndTime: at(5),
      MetricDataQueries: queries,
      ...more,
    }),
  );

const valuesOf = async (queries: MetricDataQuery[]) =>
  (await read(queries, { ScanBy: 'TimestampAscending' })).MetricDataResults?.map((r) => r.Values);

it('computes the statistics of what was put in a minute', async () => {
  await put(
    { MetricName: 'Load', Timestamp: at(1), Value: 1 },
    { MetricName: 'Load', Timestamp: at(1), Values: [2, 5], Counts: [2, 1] },
  );
  const statistics = ['Average', 'Minimum', 'Maximum', 'Sum', 'SampleCount', 'p50'];
  const values = await valuesOf(statistics.map((stat, index) => query(`m${index}`, stat)));
  expect(values).toEqual([[2.5], [1], [5], [10], [4], [2]]);
});

it('takes statistic sets', async () => {
  const StatisticValues = { SampleCount: 4, Sum: 8, Minimum: 1, Maximum: 3 };
  await put({ MetricName: 'Load', Timestamp: at(1), StatisticValues });
  expect(await valuesOf([query('a', 'Average'), query('p', 'p99')])).toEqual([[2], []]);
});

it('answers newest first unless told otherwise, end excluded, absent minutes absent', async () => {
  await put(...[0, 1, 3, 5].map((m) => ({ MetricName: 'Load', Timestamp: at(m), Value: m })));
  const [result] = (await read([query('a', 'Average')])).MetricDataResults ?? [];
  expect(result?.Values).toEqual([3, 1, 0]);
  expect(result?.Timestamps?.[0]).toEqual(at(3));
  expect(await valuesOf([query('a', 'Average')])).toEqual([[0, 1, 3]]);
});

it('reads a compressed body', async () => {
  const data = Array.from({ length: 500 }, (_, index) => ({
    MetricName: `Metric with a long name to fill the body ${index}`,
    Value: index,
  }));
  await put(...data);
  const names = (await cloudWatch.send(new ListMetricsCommand({ Namespace: 'Test' }))).Metrics;
  expect(names).toHaveLength(500);
});

it('tells metrics apart by their dimensions, in any order', async () => {
  const a = { Name: 'Fleet', Value: 'local' };
  const b = { Name: 'Bridge', Value: 'jvb-1' };
  await put({ MetricName: 'Load', Timestamp: at(0), Value: 1, Dimensions: [a, b] });
  await put({ MetricName: 'Load', Timestamp: at(0), Value: 7, Dimensions: [a] });
  const withDimensions = (Dimensions: (typeof a)[]): MetricDataQuery => ({
    Id: 'a',
    MetricStat: {
      Metric: { Namespace: 'Test', MetricName: 'Load', Dimensions },
      Period: 60,
      Stat: 'Sum',
    },
  });
  expect(await valuesOf([withDimensions([b, a])])).toEqual([[1]]);
  expect(await valuesOf([withDimensions([a])])).toEqual([[7]]);
  expect(await valuesOf([query('a', 'Sum')])).toEqual([[]]);
  const listed = await cloudWatch.send(
    new ListMetricsCommand({ Dimensions: [{ Name: 'Bridge' }] }),
  );
  expect(listed.Metrics).toHaveLength(1);
});

it('pages by data points', async () => {
  await put(...[0, 1, 2].map((m) => ({ MetricName: 'Load', Timestamp: at(m), Value: m })));
  const first = await read([query('a', 'Sum')], { MaxDatapoints: 2 });
  expect(first.MetricDataResults?.[0]).toMatchObject({ Values: [2, 1], StatusCode: 'PartialData' });
  const more = { MaxDatapoints: 2, NextToken: first.NextToken };
  const second = await read([query('a', 'Sum')], more);
  expect(second.MetricDataResults?.[0]).toMatchObject({ Values: [0], StatusCode: 'Complete' });
  expect(second.NextToken).toBeUndefined();
});

it.each([
  ['(a + b) * 2', [22, 4]],
  ['FILL(c, 0) + a', [1, 2]],
  ['SUM(METRICS())', [11, 2]],
  ['MAX([a, b])', [10, 2]],
  ['b / a', [10, 0]],
])('computes %s', async (Expression, expected) => {
  const metric = (Id: string, MetricName: string): MetricDataQuery => ({
    Id,
    ReturnData: false,
    MetricStat: { Metric: { Namespace: 'Test', MetricName }, Period: 60, Stat: 'Sum' },
  });
  await put(
    { MetricName: 'A', Timestamp: at(0), Value: 1 },
    { MetricName: 'A', Timestamp: at(1), Value: 2 },
    { MetricName: 'B', Timestamp: at(0), Value: 10 },
    { MetricName: 'B', Timestamp: at(1), Value: 0 },
  );
  const queries = [metric('a', 'A'), metric('b', 'B'), metric('c', 'C'), { Id: 'e', Expression }];
  expect(await valuesOf(queries)).toEqual([expected]);
});

it.each([
  ['no queries', []],
  ['501 queries', Array.from({ length: 501 }, (_, i) => query(`m${i}`, 'Sum'))],
  ['an id twice', [query('a', 'Sum'), query('a', 'Sum')]],
  ['an id with a capital letter', [query('A', 'Sum')]],
  ['an unknown statistic', [query('a', 'Mode')]],
  ['a search', [{ Id: 'a', Expression: "SEARCH('x', 'Sum', 60)" }]],
])('refuses %s', async (_, queries: MetricDataQuery[]) => {
  await put({ MetricName: 'Load', Timestamp: at(0), Value: 1 });
  await expect(read(queries)).rejects.toMatchObject({ name: 'ValidationException' });
});

it.each([
  ['more than two weeks old', -14 * 86_400_000 - minute],
  ['more than two hours ahead', 2 * 3_600_000 + minute],
])('refuses data %s, and then all of the call', async (_, offset) => {
  const Timestamp = new Date(Date.now() + offset);
  await expect(
    put({ MetricName: 'Load', Value: 1 }, { MetricName: 'Load', Value: 1, Timestamp }),
  ).rejects.toMatchObject({ name: expect.stringMatching(/^InvalidParameterValue/) as string });
  expect(cloud.gateway.metrics.list()).toEqual([]);
});

it('GetMetricStatistics counts periods from its start', async () => {
  await put(...[0, 1, 2].map((m) => ({ MetricName: 'Load', Timestamp: at(m), Value: m })));
  const reply = await cloudWatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'Test',
      MetricName: 'Load',
      StartTime: start,
      EndTime: at(4),
      Period: 120,
      Statistics: ['Sum', 'Maximum'],
    }),
  );
  expect(reply.Datapoints).toMatchObject([
    { Timestamp: at(0), Sum: 1, Maximum: 1 },
    { Timestamp: at(2), Sum: 2, Maximum: 2 },
  ]);
});
