import type { KeptResource } from '../../../../local/aws/cloudformation/kept-resource';
import { randomIds } from '../../../../local/aws/ids';
import { Schedules, type SchedulesOptions } from '../../../../local/aws/scheduler/schedules';
import { ManualClock } from '../manual-clock';

const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:tick';

function resource(properties: Readonly<Record<string, unknown>> = {}): KeptResource {
  return {
    stackName: 'Fleet',
    logicalId: 'Ticks',
    physicalId: 'Fleet-Ticks',
    type: 'AWS::Scheduler::Schedule',
    properties: {
      ScheduleExpression: 'rate(1 minute)',
      Target: { Arn: functionArn, RoleArn: 'arn:role', Input: '{"trigger":"schedule"}' },
      ...properties,
    },
  };
}

function scheduler(options: Partial<SchedulesOptions> = {}) {
  const clock = new ManualClock();
  const begin = clock.now().getTime();
  const started: { readonly second: number; readonly name: string; readonly payload: string }[] =
    [];
  const schedules = new Schedules({
    clock,
    ids: randomIds,
    accountId: '123456789012',
    region: 'us-east-1',
    queue: {
      add: ({ name }, payload) => {
        started.push({ second: (clock.now().getTime() - begin) / 1000, name, payload });
        return 'request';
      },
    },
    ...options,
  });
  const seconds = (): readonly number[] => started.map(({ second }) => second);
  return { schedules, clock, started, seconds };
}

it('starts its function at once, then every period', async () => {
  const { schedules, clock, started, seconds } = scheduler();
  schedules.put(resource());
  await clock.advance(150);
  expect(seconds()).toEqual([0, 60, 120]);
  expect(started[0]).toMatchObject({ name: 'tick', payload: '{"trigger":"schedule"}' });
});

it('starts at a second of its own inside the first minute, and keeps to it', async () => {
  const { schedules, clock, seconds } = scheduler({ phase: () => 17_500 });
  schedules.put(resource());
  await clock.advance(150);
  expect(seconds()).toEqual([17.5, 77.5, 137.5]);
});

it('starts nothing that its role may not start', async () => {
  const asked: string[][] = [];
  const error = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const { schedules, clock, seconds } = scheduler({
    mayStart: (roleArn, targetArn) => {
      asked.push([roleArn, targetArn]);
      return Promise.resolve(asked.length > 1);
    },
  });
  schedules.put(resource());
  await clock.advance(90);
  expect(seconds()).toEqual([60]);
  expect(asked).toEqual([
    ['arn:role', functionArn],
    ['arn:role', functionArn],
  ]);
  error.mockRestore();
});

it.each([
  ['rate(5 minutes)', 300],
  ['rate(1 hour)', 3600],
  ['rate(30 days)', 30 * 86_400],
])('understands %s', async (ScheduleExpression, period) => {
  const { schedules, clock, seconds } = scheduler();
  schedules.put(resource({ ScheduleExpression }));
  await clock.advance(period);
  expect(seconds()).toEqual([0, period]);
});

it('starts nothing while it is disabled, and at once when it is enabled', async () => {
  const { schedules, clock, seconds } = scheduler();
  schedules.put(resource({ State: 'DISABLED' }));
  await clock.advance(100);
  expect(seconds()).toEqual([]);
  schedules.put(resource());
  await clock.advance(70);
  expect(seconds()).toEqual([100, 160]);
  schedules.put(resource({ State: 'DISABLED' }));
  await clock.advance(600);
  expect(seconds()).toEqual([100, 160]);
});

it('keeps its rhythm when only the target changes', async () => {
  const { schedules, clock, started, seconds } = scheduler();
  schedules.put(resource());
  await clock.advance(30);
  schedules.put(resource({ Target: { Arn: `${functionArn}2`, RoleArn: 'arn:role', Input: '{}' } }));
  await clock.advance(60);
  expect(seconds()).toEqual([0, 60]);
  expect(started.map(({ name }) => name)).toEqual(['tick', 'tick2']);
});

it('begins anew when its rate changes', async () => {
  const { schedules, clock, seconds } = scheduler();
  schedules.put(resource());
  await clock.advance(30);
  schedules.put(resource({ ScheduleExpression: 'rate(2 minutes)' }));
  await clock.advance(130);
  expect(seconds()).toEqual([0, 30, 150]);
});

it.each(['delete', 'stop'] as const)('starts nothing after %s', async (ending) => {
  const { schedules, clock, seconds } = scheduler();
  schedules.put(resource());
  await clock.advance(1);
  if (ending === 'delete') schedules.delete(resource());
  else schedules.stop();
  await clock.advance(600);
  expect(seconds()).toEqual([0]);
  expect(schedules.all()).toEqual([]);
});

it('gives a target without an input the event of a schedule', async () => {
  const { schedules, clock, started } = scheduler();
  schedules.put(resource({ Target: { Arn: functionArn, RoleArn: 'arn:role' } }));
  await clock.advance(1);
  expect(JSON.parse(started[0]?.payload ?? '')).toMatchObject({
    source: 'aws.scheduler',
    'detail-type': 'Scheduled Event',
    time: '2030-01-01T00:00:00Z',
    resources: ['arn:aws:scheduler:us-east-1:123456789012:schedule/default/Fleet-Ticks'],
  });
});
