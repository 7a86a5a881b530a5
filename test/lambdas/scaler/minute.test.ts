import { parseMemory } from '../../../lambdas/core/model/memory';
import { runScaler } from '../../../lambdas/scaler/scaler';
import { envOf, FakeWorld, start } from './fake-world';

const env = envOf();
const schedule = { trigger: 'schedule' };

/** Lambda's record of a run of the collector that published for a minute. */
function published(minute: number, heardFrom = minute - 5) {
  return {
    requestContext: { condition: 'Success' },
    responsePayload: { result: 'published', bridges: 1, minute, heardFrom },
  };
}

/** One bridge, two minutes of data, and the running minute's data just published. */
function worldWithData(): FakeWorld {
  const world = new FakeWorld();
  world.addBridge(1);
  world.passMinutes(3, 0.3);
  world.now -= 50;
  return world;
}

const minute = start + 120;
const decisions = (world: FakeWorld) =>
  world.logged.filter(({ message }) => message === 'decision').map(({ fields }) => fields);
const decidedBy = (world: FakeWorld) => parseMemory(world.memory?.text).memory.decided;

test('the collector’s success starts a tick on its data, whose age is that of the reports', async () => {
  const world = worldWithData();
  world.now = minute + 40;
  await runScaler(world.ports(), env, published(minute, minute + 25));
  expect(decisions(world)).toEqual([
    expect.objectContaining({
      trigger: 'collector',
      numbers: expect.objectContaining({ dataAgeSeconds: 15 }) as unknown,
    }),
  ]);
  expect(decidedBy(world)).toEqual({ minute, by: 'collector' });
});

test('data that the collector told of and that cannot be read yet is waited for', async () => {
  const world = worldWithData();
  const ports = world.ports();
  const visibleAt = world.now + 11;
  const isVisible = (at: number) => at < minute || world.now >= visibleAt;
  const heartbeats: typeof ports.metrics.heartbeats = async (since, now) =>
    (await ports.metrics.heartbeats(since, now)).filter(isVisible);
  const hear: typeof ports.metrics.hear = async (asked, since, now) => {
    const heard = await ports.metrics.hear(asked, since, now);
    return { ...heard, heartbeats: heard.heartbeats.filter(isVisible) };
  };
  const metrics = { ...ports.metrics, heartbeats, hear };
  await runScaler({ ...ports, metrics }, env, published(minute));
  expect(world.now).toBe(visibleAt + 1.5);
  expect(decidedBy(world)).toEqual({ minute, by: 'collector' });
});

test('what the collector told counts for nothing while its data cannot be read', async () => {
  const world = worldWithData();
  const age = 25 + 10 + 60;
  world.heartbeats.pop();
  await runScaler(world.ports(), env, published(minute, minute + 9));
  expect(decisions(world)).toMatchObject([{ numbers: { dataAgeSeconds: age } }]);
});

test('the schedule does nothing but say so when the minute is decided', async () => {
  const world = worldWithData();
  await runScaler(world.ports(), env, published(minute));
  const { writes, now } = world;
  const before = [...writes];
  const reply = await runScaler(world.ports(), env, schedule);
  expect(reply).toEqual({
    ok: true,
    skipped: 'alreadyDecided',
    minute: new Date(minute * 1000).toISOString(),
  });
  expect(world.writes).toEqual(before);
  expect(world.now).toBe(now);
  expect(world.logged.at(-1)).toEqual({
    message: 'already decided',
    fields: { trigger: 'schedule', minute: '2027-01-15T08:02:00.000Z' },
  });
});

test('a collector’s success that comes twice is one tick', async () => {
  const world = worldWithData();
  await runScaler(world.ports(), env, published(minute));
  expect(await runScaler(world.ports(), env, published(minute))).toMatchObject({
    skipped: 'alreadyDecided',
  });
  expect(decisions(world)).toHaveLength(1);
});

test('the schedule goes on when the collector has not told of this minute nor the last', async () => {
  const world = worldWithData();
  await runScaler(world.ports(), env, published(minute));
  world.now = minute + 119;
  expect(await runScaler(world.ports(), env, schedule)).toHaveProperty('skipped');
  for (const now of [minute + 120, minute + 180, minute + 240]) {
    world.now = now;
    expect(await runScaler(world.ports(), env, schedule)).not.toHaveProperty('skipped');
  }
  expect(decisions(world).map(({ trigger }) => trigger)).toEqual([
    'collector',
    'schedule',
    'schedule',
    'schedule',
  ]);
});

test('a collector that comes after the schedule finds its minute decided, and takes over', async () => {
  const world = worldWithData();
  await runScaler(world.ports(), env, schedule);
  expect(decidedBy(world)).toEqual({ minute, by: 'schedule' });
  expect(await runScaler(world.ports(), env, published(minute))).toMatchObject({
    skipped: 'alreadyDecided',
  });
  world.now += 60;
  expect(await runScaler(world.ports(), env, schedule)).toHaveProperty('skipped');
  expect(decisions(world)).toHaveLength(1);
});

test('of two at once the one that waited finds what the other did', async () => {
  const world = worldWithData();
  const ports = world.ports();
  let reads = 0;
  const readMemory = async () => {
    reads += 1;
    // The other one ends while this one waits for the data.
    if (reads === 2) await runScaler(world.ports(), env, published(minute));
    return ports.state.readMemory();
  };
  const late = { ...ports, state: { ...ports.state, readMemory } };
  expect(await runScaler(late, env, schedule)).toHaveProperty('skipped');
  expect(decisions(world)).toHaveLength(1);
});

test('a tick that ends half way leaves the minute open', async () => {
  const world = worldWithData();
  const ports = world.ports();
  const publish = () => Promise.reject(new Error('CloudWatch is away'));
  const writeMemory = () => Promise.reject(new Error('SSM is away'));
  const broken = { ...ports, publish, state: { ...ports.state, writeMemory } };
  await expect(runScaler(broken, env, published(minute))).rejects.toThrow('SSM is away');
  expect(await runScaler(world.ports(), env, schedule)).not.toHaveProperty('skipped');
});

test('commands and events are not affected', async () => {
  const world = worldWithData();
  await runScaler(world.ports(), env, published(minute));
  expect(await runScaler(world.ports(), env, {})).toHaveProperty('after');
  expect(await runScaler(world.ports(), env, { action: 'scale', to: 2 })).toMatchObject({
    after: { wanted: 2 },
  });
  expect(decidedBy(world)).toEqual({ minute, by: 'collector' });
});

test('a collector that published nothing starts no tick', async () => {
  const world = worldWithData();
  const success = {
    requestContext: { condition: 'Success' },
    responsePayload: { result: 'notRegisteredYet', bridges: 0 },
  };
  expect(await runScaler(world.ports(), env, success)).toEqual({
    ok: true,
    skipped: 'nothingPublished',
  });
  expect(world.writes).toEqual([]);
});

test('without any data the schedule ticks, and no minute is decided', async () => {
  const world = new FakeWorld();
  await runScaler(world.ports(), env, schedule);
  expect(decisions(world)).toHaveLength(1);
  expect(decidedBy(world)).toBeUndefined();
});
