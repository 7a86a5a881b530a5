import { tagKeys } from '../../../lambdas/core/protocol/tags';
import { runScaler } from '../../../lambdas/scaler/scaler';
import { scheduleOf } from '../core/schedules/schedules-under-test';
import { envOf, FakeWorld } from './fake-world';

const env = envOf({ min: 1, max: 5 });

/** One bridge that works, with some load. */
function worldOfOne(host = {}): FakeWorld {
  const world = new FakeWorld();
  world.addBridge(1, host);
  world.passMinutes(5, 0.3);
  return world;
}

const one = 'i-00000000000000001';

/** A reason or action with such words. */
function saying(words: RegExp): unknown {
  return expect.objectContaining({ text: expect.stringMatching(words) as unknown });
}

describe('a command that is refused changes nothing and names the field', () => {
  test.each<readonly [string, unknown, string, RegExp]>([
    ['an unknown action', { action: 'nope' }, 'action', /unknown action "nope".*status, plan/],
    ['a mistyped action', { action: 'sclae' }, 'action', /did you mean scale/],
    ['a missing action', { to: 3 }, 'action', /action is missing/],
    ['an action that is no text', { action: 3 }, 'action', /unknown action 3/],
    ['no object', ['scale'], 'action', /JSON object/],
    ['to below min', { action: 'scale', to: -1 }, 'to', /between min 1 and max 5/],
    ['to above max', { action: 'scale', to: 6 }, 'to', /between min 1 and max 5/],
    ['by beyond max', { action: 'scale', by: 9 }, 'by', /9 makes 10/],
    ['to as text', { action: 'scale', to: 'three' }, 'to', /expected number/],
    ['to as a fraction', { action: 'scale', to: 2.5 }, 'to', /int/],
    ['neither to nor by', { action: 'scale' }, 'to', /exactly one of to and by/],
    ['both to and by', { action: 'scale', to: 2, by: 1 }, 'to', /exactly one of to and by/],
    ['an unknown field', { action: 'scale', to: 2, form: '2h' }, 'form', /did you mean for/],
    ['an unreadable duration', { action: 'scale', to: 2, for: 'soon' }, 'for', /90s, 30m, 2h/],
    ['a duration without end', { action: 'scale', to: 2, for: 1e15 }, 'for', /at most 365d/],
    ['a duration of ages', { action: 'pause', for: '366d' }, 'for', /at most 365d/],
    ['no instance id', { action: 'drain', bridge: 'jvb-1' }, 'bridge', /instance id/],
    ['bounds without a bound', { action: 'bounds' }, 'min', /min, max or both/],
    ['min above max', { action: 'bounds', min: 9 }, 'min', /not be greater/],
    ['max below min', { action: 'bounds', min: 3, max: 2 }, 'min', /not be greater/],
    ['a zero too many', { action: 'bounds', max: 51 }, 'max', /more than 10 times the usual max 5/],
  ])('%s', async (_name, event, field, message) => {
    const world = worldOfOne();
    const reply = await runScaler(world.ports(), env, event);
    expect(reply).toEqual({
      ok: false,
      error: { code: 'InvalidCommand', field, message: expect.stringMatching(message) as unknown },
    });
    expect(world.writes).toEqual([]);
  });

  test('an unknown bridge', async () => {
    const world = worldOfOne();
    const event = { action: 'drain', bridge: 'i-0000000000000dead' };
    expect(await runScaler(world.ports(), env, event)).toMatchObject({
      ok: false,
      error: { code: 'UnknownBridge', field: 'bridge' },
    });
    expect(world.writes).toEqual([]);
  });

  test('undrain of a v1 bridge with calls', async () => {
    const world = worldOfOne({ participants: 3, conferences: 1 });
    await runScaler(world.ports(), env, { action: 'drain', bridge: one });
    world.passMinutes(1);
    const before = [...world.writes];
    const reply = await runScaler(world.ports(), env, { action: 'undrain', bridge: one });
    expect(reply).toMatchObject({ ok: false, error: { code: 'NotReversible', field: 'bridge' } });
    expect(world.writes).toEqual(before);
  });
});

test.each(['drain', 'retire'])(
  '%s of a protected bridge is refused, and until when',
  async (action) => {
    const world = worldOfOne();
    await runScaler(world.ports(), env, { action: 'protect', bridge: one, for: '1h' });
    const before = [...world.writes];
    expect(await runScaler(world.ports(), env, { action, bridge: one })).toMatchObject({
      ok: false,
      error: {
        code: 'Protected',
        field: 'bridge',
        message: expect.stringMatching(/^i-\w+ is protected until 2027-.*; to drain it/) as unknown,
      },
    });
    expect(world.writes).toEqual(before);
    await runScaler(world.ports(), env, { action: 'protect', bridge: one, for: 1 });
    world.now += 60;
    expect(await runScaler(world.ports(), env, { action, bridge: one })).toMatchObject({
      ok: true,
    });
  },
);

/** The world begins at 09:00 on a Friday in Berlin. */
describe('schedules', () => {
  const schedules = [
    scheduleOf({ name: 'office', from: '08:00', min: 2, max: 8, hold: 3 }),
    scheduleOf({ name: 'all-hands', from: '14:00', to: '15:00', hold: 5 }),
  ];
  const scheduled = envOf({ min: 1, max: 5, schedules });

  test.each(['status', 'plan'])('%s shows what is in force and what comes next', async (action) => {
    const reply = await runScaler(worldOfOne().ports(), scheduled, { action });
    expect(reply).toMatchObject({
      schedules: [
        {
          name: 'office',
          text: 'min 2, max 8, hold 3 until 18:00 Fri Europe/Berlin',
          from: '2027-01-15T07:00:00.000Z',
          until: '2027-01-15T17:00:00.000Z',
          state: 'open',
        },
        { name: 'all-hands', text: 'hold 5 from 14:00 Fri Europe/Berlin', state: 'next' },
      ],
    });
  });

  test('a tick launches for them, and its record says why', async () => {
    const world = worldOfOne();
    await runScaler(world.ports(), scheduled, {});
    expect(world.instances.size).toBe(3);
    expect(world.logged.find(({ message }) => message === 'decision')?.fields).toMatchObject({
      numbers: { min: 2, max: 8, hold: 3, wanted: 3 },
      reasons: expect.arrayContaining([
        saying(/^schedule office: min 2, max 8, hold 3 until 18:00 Fri/),
      ]) as unknown,
    });
  });

  test("the operator's number wins over them, below and above", async () => {
    const world = worldOfOne();
    const fewer = await runScaler(world.ports(), scheduled, { action: 'scale', to: 1 });
    expect(fewer).toMatchObject({ after: { wanted: 1, active: 1, booting: 0 } });
    const more = await runScaler(world.ports(), scheduled, { action: 'scale', to: 8 });
    expect(more).toMatchObject({ after: { wanted: 8, booting: 7 } });
  });

  test("the operator's bounds win over them", async () => {
    const world = worldOfOne();
    const reply = await runScaler(world.ports(), scheduled, { action: 'bounds', max: 2 });
    expect(reply).toMatchObject({ ok: true, after: { wanted: 2 } });
  });
});

test('an override that no command could have stored does not blind status', async () => {
  const world = worldOfOne();
  world.overrides = JSON.stringify({ scale: { to: 2, until: 1e15 } });
  expect(await runScaler(world.ports(), env, { action: 'status' })).toMatchObject({
    ok: true,
    overrides: [],
    reasons: expect.arrayContaining([saying(/override parameter is unreadable/)]) as unknown,
  });
});

test.each(['status', 'plan'])('%s changes nothing at all', async (action) => {
  const world = worldOfOne();
  const reply = await runScaler(world.ports(), envOf({ min: 3 }), { action });
  expect(reply).toMatchObject({
    ok: true,
    before: { booting: 0, active: 1, draining: 0 },
    bridges: [{ instanceId: one, phase: 'active', stressRatio: 0.3, registered: true }],
    load: expect.closeTo(0.3) as unknown,
  });
  expect(world.writes).toEqual([]);
  expect(world.logged).toEqual([]);
});

test('plan says what a tick would do', async () => {
  const world = worldOfOne();
  const reply = await runScaler(world.ports(), envOf({ min: 3 }), { action: 'plan' });
  expect(reply).toMatchObject({
    after: { wanted: 3, booting: 2, active: 1, draining: 0 },
    actions: [{ kind: 'launch', count: 2, status: 'planned', text: expect.any(String) as unknown }],
  });
});

test('scale up launches in the same invocation and says what it did', async () => {
  const world = worldOfOne();
  const reply = await runScaler(world.ports(), env, { action: 'scale', to: 3, for: '2h' });
  expect(reply).toMatchObject({
    ok: true,
    before: { booting: 0, active: 1, draining: 0 },
    after: { wanted: 3, booting: 2, active: 1, draining: 0 },
    actions: [
      { kind: 'launch', count: 2, status: 'done', instanceIds: expect.anything() as unknown },
    ],
    reasons: [{ code: 'OperatorScale', to: 3 }],
  });
  expect(world.instances.size).toBe(3);
  const status = await runScaler(world.ports(), env, { action: 'status' });
  expect(status).toMatchObject({
    overrides: [{ text: 'scale to 3', until: new Date((world.now + 7200) * 1000).toISOString() }],
    lastDecision: { trigger: 'command scale' },
  });
});

test('scale down drains at once and never terminates a bridge with calls', async () => {
  const world = new FakeWorld();
  for (const index of [1, 2, 3]) world.addBridge(index, { participants: index, conferences: 1 });
  world.passMinutes(5, 0.5);
  const reply = await runScaler(world.ports(), env, { action: 'scale', to: 1 });
  expect(reply).toMatchObject({ after: { wanted: 1, active: 1, draining: 2 } });
  world.passMinutes(5, 0.5);
  await runScaler(world.ports(), env, {});
  expect(world.effects.filter((text) => text.startsWith('terminate'))).toEqual([]);
  expect(world.hosts.get('i-00000000000000003')?.draining).toBe(false);
});

test('by counts from booting + active', async () => {
  const world = worldOfOne();
  const reply = await runScaler(world.ports(), env, { action: 'scale', by: 2 });
  expect(reply).toMatchObject({ after: { wanted: 3, booting: 2, active: 1 } });
});

test('bounds may be wider or narrower for a while, and scale keeps to them', async () => {
  const world = worldOfOne();
  await runScaler(world.ports(), env, { action: 'bounds', min: 2, max: 3 });
  expect(world.instances.size).toBe(2);
  const reply = await runScaler(world.ports(), env, { action: 'scale', to: 4 });
  expect(reply).toMatchObject({ ok: false, error: { field: 'to' } });
});

test('resume ends all overrides', async () => {
  const world = worldOfOne();
  await runScaler(world.ports(), env, { action: 'pause', for: 600 });
  expect(await runScaler(world.ports(), env, { action: 'status' })).toMatchObject({
    overrides: [{ text: 'pause' }],
  });
  await runScaler(world.ports(), env, { action: 'resume' });
  expect(await runScaler(world.ports(), env, { action: 'status' })).toMatchObject({
    overrides: [],
  });
});

test('drain tags the bridge and tells it; undrain restarts an empty v1 bridge', async () => {
  const world = worldOfOne();
  const drained = await runScaler(world.ports(), env, { action: 'drain', bridge: one });
  expect(drained).toMatchObject({ ok: true, after: { active: 0, draining: 1 } });
  expect(world.instances.get(one)?.tags[tagKeys.drain]).toMatch(
    /^\d{4}-.*Z operator drain ordered by the operator$/,
  );
  expect(world.hosts.get(one)?.draining).toBe(true);
  world.passMinutes(1);
  const back = await runScaler(world.ports(), env, { action: 'undrain', bridge: one });
  expect(back).toMatchObject({ ok: true, after: { active: 1, draining: 0 } });
  expect(world.instances.get(one)?.tags[tagKeys.drain]).toBeUndefined();
});

test('protect sets the tag with its end', async () => {
  const world = worldOfOne();
  await runScaler(world.ports(), env, { action: 'protect', bridge: one, for: '10m' });
  expect(world.instances.get(one)?.tags[tagKeys.protect]).toBe(
    new Date((world.now + 600) * 1000).toISOString(),
  );
});

describe('requestId', () => {
  const event = { action: 'scale', by: 1, requestId: 'r1' };

  test('a repeated idempotency key gets the first reply and does nothing', async () => {
    const world = worldOfOne();
    const first = await runScaler(world.ports(), env, event);
    const writes = [...world.writes];
    expect(await runScaler(world.ports(), env, event)).toEqual(first);
    expect(world.writes).toEqual(writes);
  });

  test('the same id for another command is refused', async () => {
    const world = worldOfOne();
    await runScaler(world.ports(), env, event);
    expect(await runScaler(world.ports(), env, { ...event, by: 2 })).toMatchObject({
      ok: false,
      error: { code: 'RequestIdReused', field: 'requestId' },
    });
  });
});
