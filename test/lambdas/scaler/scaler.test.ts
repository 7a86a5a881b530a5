import { renderReply } from '../../../cli/render-reply';
import type { Reply } from '../../../lambdas/core/protocol/reply';
import { metricNamespace } from '../../../lambdas/core/protocol/metrics';
import { tagKeys } from '../../../lambdas/core/protocol/tags';
import { runScaler, triggerOf } from '../../../lambdas/scaler/scaler';
import { envOf, FakeWorld } from './fake-world';

const env = envOf();
const schedule = { trigger: 'schedule' };

test.each<readonly [string, unknown, string]>([
  ['the schedule of the stack', schedule, 'schedule'],
  [
    "EventBridge's scheduled event",
    { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} },
    'schedule',
  ],
  ['an empty event', {}, 'event'],
  ['no event', null, 'event'],
  [
    'an instance event',
    { source: 'aws.ec2', 'detail-type': 'EC2 Instance State-change Notification', detail: {} },
    'event',
  ],
  ['a command', { action: 'status' }, 'command'],
  ['anything else', { hello: 1 }, 'command'],
])('%s is a %s', (_name, event, trigger) => {
  expect(triggerOf(event)).toBe(trigger);
});

test('a scheduled tick waits for the data of its minute, at most 25 s', async () => {
  const world = new FakeWorld();
  world.addBridge(1);
  world.passMinutes(2);
  await runScaler(world.ports(), env, schedule);
  expect(world.now - 120).toBe(1_800_000_000 + 25);
});

test('a scheduled tick goes on as soon as the data is there', async () => {
  const world = new FakeWorld();
  world.addBridge(1);
  world.passMinutes(2);
  world.heartbeats.push(world.now);
  const before = world.now;
  await runScaler(world.ports(), env, schedule);
  expect(world.now).toBe(before);
});

test('told by the collector it waits for as long as data took lately, and reads once', async () => {
  const world = new FakeWorld();
  world.addBridge(1);
  const reads: number[] = [];
  const waits: number[] = [];
  for (let index = 1; index <= 4; index++) {
    const minute = 1_800_000_000 + index * 60;
    world.now = minute;
    const { clock, ...ports } = world.ports();
    const sleep = async (seconds: number) => {
      await clock.sleep(seconds);
      if (world.now >= minute + 8 && world.heartbeats.at(-1) !== minute)
        world.heartbeats.push(minute);
    };
    world.asked.length = 0;
    const told = {
      requestContext: { condition: 'Success' },
      responsePayload: { result: 'published', bridges: 1, minute, heardFrom: minute - 12 },
    };
    await runScaler({ ...ports, clock: { ...clock, sleep } }, env, told);
    reads.push(world.asked.length);
    waits.push(world.now - minute);
  }
  expect(reads).toEqual([2, 1, 1, 1]);
  expect(waits).toEqual([10, 9.75, 9.5, 9.25]);
});

test('any other tick takes the data that is there', async () => {
  const world = new FakeWorld();
  world.addBridge(1);
  world.passMinutes(2);
  const before = world.now;
  await runScaler(world.ports(), env, {});
  expect(world.now).toBe(before);
});

test('load makes bridges appear; its absence makes them drain, retire and go', async () => {
  const world = new FakeWorld();
  const tick = () => runScaler(world.ports(), env, {});
  world.addBridge(1, { participants: 50, conferences: 5 });
  world.passMinutes(3, 1.1);
  await tick();
  expect(world.instances.size).toBe(2);

  world.settle();
  world.passMinutes(2, 0.5);
  expect(await tick()).toMatchObject({ after: { booting: 0, active: 2, draining: 0 } });

  Object.assign(world.hosts.get('i-00000000000000001') ?? {}, { participants: 0, conferences: 0 });
  for (let minute = 0; minute < 20; minute++) {
    world.passMinutes(1, 0.01);
    await tick();
    world.settle();
  }
  expect(world.instances.size).toBe(1);
  const order = world.effects.filter((text) => /terminate|shutdown|drain/.test(text));
  const [drained] = order;
  const id = drained?.split(' ')[1] ?? '';
  expect(order).toEqual([
    `tag ${id} ${tagKeys.drain}`,
    `run drain ${id}`,
    `run shutdown ${id}`,
    `terminate ${id}`,
  ]);
});

test('a bridge that takes a call after its last report is not terminated', async () => {
  const world = new FakeWorld();
  world.addBridge(1);
  const id = world.addBridge(
    2,
    { draining: true },
    { tags: { [tagKeys.drain]: '2027-01-01T00:00:00Z autoscaler surplus' } },
  );
  world.passMinutes(5);
  Object.assign(world.hosts.get(id) ?? {}, { participants: 1, conferences: 1 });
  const reply = await runScaler(world.ports(), env, {});
  expect(reply).toMatchObject({
    actions: [
      {
        kind: 'retire',
        status: 'skipped',
        detail: expect.stringContaining('running, 1 participants') as unknown,
      },
    ],
  });
  expect(world.instances.get(id)?.state).toBe('running');
});

test('a bridge that cannot be asked is not terminated', async () => {
  const world = new FakeWorld();
  world.addBridge(1);
  const tags = { [tagKeys.drain]: '2027-01-01T00:00:00Z autoscaler surplus' };
  const id = world.addBridge(2, { draining: true, reachable: false }, { tags });
  world.passMinutes(5);
  await runScaler(world.ports(), env, {});
  expect(world.instances.get(id)?.state).toBe('running');
});

test('a silent bridge is restarted, then replaced when that did not help', async () => {
  const world = new FakeWorld();
  world.addBridge(1);
  const id = world.addBridge(2);
  world.passMinutes(2, 0.4);
  const silence = () => Object.assign(world.hosts.get(id) ?? {}, { running: false });
  silence();
  world.passMinutes(3, 0.4);
  await runScaler(world.ports(), envOf({ min: 2 }), {});
  expect(world.effects).toEqual([`run restart ${id}`]);
  silence();
  world.passMinutes(4, 0.4);
  await runScaler(world.ports(), envOf({ min: 2 }), {});
  expect(world.effects.slice(1).map((text) => text.split(' ')[0])).toEqual([
    'launch',
    'tag',
    'run',
    'terminate',
  ]);
});

test('a silent bridge that does not refuse new calls is not terminated, empty as it is', async () => {
  const world = new FakeWorld();
  world.addBridge(1);
  const id = world.addBridge(2);
  world.passMinutes(2, 0.4);
  Object.assign(world.hosts.get(id) ?? {}, { unheard: true, refusesShutdown: true });
  for (const minutes of [3, 4, 1]) {
    world.passMinutes(minutes, 0.4);
    await runScaler(world.ports(), envOf({ min: 2 }), {});
  }
  expect(world.effects).toContain(`run shutdown ${id}`);
  expect(world.instances.get(id)?.state).toBe('running');
});

test('a partial launch is an ordinary result; the pool is left out next time', async () => {
  const world = new FakeWorld();
  world.answerLaunch = (request) => ({
    ...world.launchAll(request, 1),
    status: 'answered',
    launched: [],
    refusals: [
      {
        instanceType: 'c6i.xlarge',
        subnetId: 'subnet-a',
        market: 'on-demand',
        code: 'InsufficientInstanceCapacity',
        message: 'none left',
      },
    ],
  });
  const reply = await runScaler(world.ports(), envOf({ min: 2 }), {});
  expect(reply).toMatchObject({
    actions: [
      {
        kind: 'launch',
        count: 2,
        status: 'failed',
        instanceIds: [],
        refusals: [{ errorCode: 'InsufficientInstanceCapacity', pools: 1 }],
      },
    ],
  });
  expect(JSON.parse(world.memory?.text ?? '')).toMatchObject({
    refusals: [{ pool: 'c6i.xlarge/subnet-a', market: 'on-demand' }],
  });
  expect(world.published).toContainEqual(
    expect.objectContaining({ name: 'LaunchFailures', value: 2 }),
  );
});

test('a limit of the account is told in EC2’s words, and leaves no pool out', async () => {
  const world = new FakeWorld();
  const message = 'You have requested more vCPU capacity than your current vCPU limit of 8 allows';
  world.answerLaunch = () => ({
    status: 'answered',
    launched: [],
    refusals: ['subnet-a', 'subnet-b'].map((subnetId) => ({
      instanceType: 'c6i.xlarge',
      subnetId,
      market: 'on-demand' as const,
      code: 'VcpuLimitExceeded',
      message,
    })),
  });
  const reply = await runScaler(world.ports(), envOf({ min: 2 }), {});
  expect(reply).toMatchObject({
    actions: [
      { status: 'failed', refusals: [{ errorCode: 'VcpuLimitExceeded', pools: 2, message }] },
    ],
  });
  const memory = JSON.parse(world.memory?.text ?? '') as Record<string, unknown>;
  expect(memory['refusals']).toEqual([]);
  expect(JSON.stringify(memory['lastDecision'])).toContain(message);
});

test('a refused launch is not repeated', async () => {
  const world = new FakeWorld();
  world.answerLaunch = () => ({
    status: 'refused',
    code: 'InvalidLaunchTemplateId.NotFound',
    message: 'gone',
  });
  await runScaler(world.ports(), env, {});
  world.answerLaunch = undefined;
  world.passMinutes(1);
  await runScaler(world.ports(), env, {});
  const tokens = world.effects.filter((text) => text.startsWith('launch'));
  expect(new Set(tokens).size).toBe(2);
  expect(world.instances.size).toBe(1);
});

test('every tick is recorded with its numbers and reasons, also when it does nothing', async () => {
  const world = new FakeWorld();
  world.addBridge(1, { participants: 4, conferences: 1 });
  world.passMinutes(3, 0.25);
  await runScaler(world.ports(), env, {});
  expect(world.logged).toEqual([
    {
      message: 'decision',
      fields: expect.objectContaining({
        time: new Date(world.now * 1000).toISOString(),
        fleet: 'test',
        trigger: 'event',
        actions: [],
        reasons: [
          {
            code: 'LoadNeeds',
            load: 0.25,
            needed: 1,
            min: 1,
            max: 5,
            text: 'load 0.25 needs 1, min 1, max 5',
          },
        ],
        numbers: expect.objectContaining({
          load: 0.25,
          stressMax: 0.25,
        }) as unknown,
      }) as unknown,
    },
  ]);
  expect(Object.fromEntries(world.published.map(({ name, value }) => [name, value]))).toEqual({
    Load: 0.25,
    StressMax: 0.25,
    BridgesBooting: 0,
    BridgesActive: 1,
    BridgesDraining: 0,
    BridgesWanted: 1,
    LaunchFailures: 0,
    BootFailures: 0,
    DataAgeSeconds: 60,
    TickSeconds: 0,
  });
});

test('without load data no load is published, rather than 0', async () => {
  const world = new FakeWorld();
  world.addBridge(1);
  await runScaler(world.ports(), env, {});
  const names = world.published.map(({ name }) => name);
  expect(names).not.toContain('Load');
  expect(names).not.toContain('DataAgeSeconds');
  expect(names).toContain('BridgesBooting');
  expect(metricNamespace).toBe('JitsiBridges');
});

test('the registrar is told of new and of vanished instances, and not otherwise', async () => {
  const world = new FakeWorld();
  const told = () => world.writes.filter((text) => text === 'registrar').length;
  world.addBridge(1);
  world.addBridge(2);
  world.passMinutes(3, 0.5);
  await runScaler(world.ports(), env, {});
  expect(told()).toBe(1);
  await runScaler(world.ports(), env, {});
  expect(told()).toBe(1);
  world.instances.delete('i-00000000000000002');
  await runScaler(world.ports(), env, {});
  expect(told()).toBe(2);
});

test('the registrar is told when an instance is gone for good, not while it is on its way out', async () => {
  const world = new FakeWorld();
  const told = () => world.writes.filter((text) => text === 'registrar').length;
  world.addBridge(1);
  const leaving = world.addBridge(2);
  world.passMinutes(3, 0.5);
  await runScaler(world.ports(), env, {});
  await world.ports().instances.terminate(leaving);
  await runScaler(world.ports(), env, {});
  expect(told()).toBe(1);
  world.settle();
  await runScaler(world.ports(), env, {});
  expect(told()).toBe(2);
});

test('unreadable memory is said and starts empty', async () => {
  const world = new FakeWorld();
  world.addBridge(1);
  world.passMinutes(2, 0.1);
  world.memory = { text: 'garbage', version: 4 };
  expect(await runScaler(world.ports(), env, {})).toMatchObject({
    ok: true,
    reasons: expect.arrayContaining([
      expect.objectContaining({ code: 'MemoryUnreadable' }),
    ]) as unknown,
  });
});

test.each([
  ['VcpuLimitExceeded', 'account limit: VcpuLimitExceeded: '],
  ['UnauthorizedOperation', 'missing permission: UnauthorizedOperation: '],
])('%s of a whole request is told as such: in the record, and by status', async (code, text) => {
  const world = new FakeWorld();
  world.addBridge(1);
  world.passMinutes(2, 0.2);
  const message = `You are not authorized to perform this. ${'Encoded '.repeat(200)}`;
  world.answerLaunch = () => ({ status: 'refused', code, message });
  await runScaler(world.ports(), envOf({ min: 3 }), {});
  const told = expect.stringContaining(`${text}You are not authorized`) as unknown;
  expect(world.logged.find(({ message: line }) => line === 'decision')?.fields).toMatchObject({
    actions: [{ kind: 'launch', status: 'failed', text: told }],
  });
  const status = await runScaler(world.ports(), envOf({ min: 3 }), { action: 'status' });
  expect(status).toMatchObject({ lastDecision: { actions: [{ text: told }] } });
  expect(JSON.parse(world.memory?.text ?? '')).toMatchObject({ refusals: [] });
  expect(world.published).toContainEqual(
    expect.objectContaining({ name: 'LaunchFailures', value: 2 }),
  );
  const shown = renderReply(status as Reply, false);
  expect(shown).toMatch(/problem {3}\d\d:\d\d:\d\d UTC: launch 0 of 2: failed: /);
});
