import fc from 'fast-check';
import { tagKeys } from '../../../lambdas/core/protocol/tags';
import { runScaler } from '../../../lambdas/scaler/scaler';
import { envOf, FakeWorld } from './fake-world';

/**
 * I1 where something is not known: a bridge that cannot be asked, or that the collector never
 * heard or believed, has people on it for all that anyone can tell.
 */
const env = envOf({ min: 2, max: 6, bootTimeoutSeconds: 600 }, 'muc');
const id = 'i-00000000000000002';

/** One bridge that works, and one that never reported, older than its boot may take. */
function worldWith(host: Parameters<FakeWorld['addBridge']>[1]): FakeWorld {
  const world = new FakeWorld();
  world.generation = 'muc';
  world.addBridge(1, { participants: 3, conferences: 1 });
  world.addBridge(2, { unheard: true, ...host });
  return world;
}

/** Nobody ever registered it: it has neither tag nor secret. */
function unregistered(world: FakeWorld): FakeWorld {
  world.secrets.delete(id);
  return untagged(world);
}

function untagged(world: FakeWorld): FakeWorld {
  const instance = world.instances.get(id);
  if (instance === undefined) throw new Error('no such bridge');
  const tags = Object.fromEntries(
    Object.entries(instance.tags).filter(([key]) => key !== tagKeys.registered),
  );
  world.instances.set(id, { ...instance, tags });
  return world;
}

async function live(world: FakeWorld, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    world.passMinutes(1, 0.2);
    await runScaler(world.ports(), env, {});
    world.settle();
  }
}

const calls = { participants: 9, conferences: 2 };

test.each<[string, () => FakeWorld]>([
  ['that cannot be asked', () => worldWith({ ...calls, reachable: false })],
  ['that is never believed', () => worldWith(calls)],
  ['whose tag was removed by hand', () => untagged(worldWith({ ...calls, reachable: false }))],
])('a registered bridge %s is never terminated while it has people', async (_name, make) => {
  const world = make();
  await live(world, 60);
  expect(world.instances.get(id)?.state).toBe('running');
  expect(world.instances.get(id)?.tags).toHaveProperty(tagKeys.drain);
  // What it can no longer be counted on for is launched.
  expect(world.instances.size).toBe(3);
});

test('a bridge that cannot be asked is told every time, with what the operator can do', async () => {
  const world = worldWith({ ...calls, reachable: false });
  await live(world, 20);
  const detail = 'unreachable: it may have calls; terminate it yourself if it has none';
  expect(world.logged).toContainEqual({
    message: 'bridge cannot be asked',
    fields: { instanceId: id, detail },
  });
  expect(await runScaler(world.ports(), env, { action: 'status' })).toMatchObject({
    bridges: expect.arrayContaining([
      expect.objectContaining({ instanceId: id, drain: expect.anything() as unknown }),
    ]) as unknown,
    lastDecision: {
      actions: [{ kind: 'terminate', instanceId: id, status: 'skipped', detail }],
    },
  });
});

test('when its people have left and it says so, it goes', async () => {
  const world = worldWith(calls);
  await live(world, 20);
  Object.assign(world.hosts.get(id) ?? {}, { participants: 0, conferences: 0 });
  await live(world, 2);
  expect(world.instances.has(id)).toBe(false);
});

test.each<[string, () => FakeWorld]>([
  ['does not answer', () => unregistered(worldWith({ running: false, reachable: false }))],
  ['says that nothing runs', () => unregistered(worldWith({ running: false }))],
])('a bridge that never was registered is terminated when it %s', async (_name, make) => {
  const world = make();
  await live(world, 5);
  expect(world.instances.has(id)).toBe(false);
  expect(world.effects).not.toContain(`tag ${id} ${tagKeys.drain}`);
});

test('one that never was registered and says that it has calls all the same stays', async () => {
  const world = unregistered(worldWith(calls));
  await live(world, 20);
  expect(world.instances.get(id)?.state).toBe('running');
});

test('a registration between the decision and its execution counts', async () => {
  const world = unregistered(worldWith({ ...calls, reachable: false }));
  world.passMinutes(4, 0.2);
  await runScaler(world.ports(), env, {});
  expect(world.instances.get(id)?.tags).toHaveProperty(tagKeys.suspect);
  world.passMinutes(1, 0.2);
  const ports = world.ports();
  const late = {
    ...ports,
    runCommand: {
      run: (request: Parameters<typeof ports.runCommand.run>[0]) => {
        if (request.instanceId === id) world.secrets.add(id);
        return ports.runCommand.run(request);
      },
    },
  };
  await runScaler(late, env, {});
  expect(world.instances.get(id)?.state).toBe('running');
  expect(world.instances.get(id)?.tags).toHaveProperty(tagKeys.drain);
});

test.each<[string, (world: FakeWorld) => void, 'running' | undefined]>([
  ['is still stopped, goes', () => undefined, undefined],
  [
    'was started again, stays',
    (world) => {
      const instance = world.instances.get(id);
      if (instance !== undefined) world.instances.set(id, { ...instance, state: 'running' });
    },
    'running',
  ],
  ['is gone already, is no error', (world) => void world.instances.delete(id), undefined],
])('an instance that was seen stopped and %s', async (_name, meanwhile, state) => {
  const world = new FakeWorld();
  world.generation = 'muc';
  world.addBridge(1, { participants: 3, conferences: 1 });
  world.addBridge(2, { ...calls, reachable: false }, { state: 'stopped' });
  world.passMinutes(2, 0.2);
  await runScaler(world.ports(), env, {});
  world.passMinutes(1, 0.2);
  const ports = world.ports();
  const seen = await ports.instances.describe();
  meanwhile(world);
  const stale = {
    ...ports,
    instances: { ...ports.instances, describe: () => Promise.resolve(seen) },
  };
  await runScaler(stale, env, {});
  world.settle();
  expect(world.instances.get(id)?.state).toBe(state);
});

test('an instance that lost its traces before it was to be terminated is left alone', async () => {
  const world = unregistered(worldWith({ running: false }));
  world.passMinutes(4, 0.2);
  await runScaler(world.ports(), env, {});
  expect(world.instances.get(id)?.tags).toHaveProperty(tagKeys.suspect);
  world.passMinutes(1, 0.2);
  const ports = world.ports();
  const seen = await ports.instances.describe();
  const instance = world.instances.get(id);
  if (instance !== undefined) world.instances.set(id, { ...instance, tags: {} });
  const stale = {
    ...ports,
    instances: { ...ports.instances, describe: () => Promise.resolve(seen) },
  };
  await runScaler(stale, env, {});
  expect(world.instances.get(id)?.state).toBe('running');
});

const host = fc.record({
  participants: fc.integer({ min: 1, max: 50 }),
  conferences: fc.integer({ min: 1, max: 5 }),
  reachable: fc.boolean(),
  unheard: fc.boolean(),
  draining: fc.boolean(),
  refusesShutdown: fc.boolean(),
});

test('no mixture of deaf, unheard and untagged loses a bridge that has people', async () => {
  await fc.assert(
    fc.asyncProperty(host, fc.boolean(), fc.boolean(), async (changes, hasTag, wasDrained) => {
      const world = worldWith(changes);
      if (!hasTag) untagged(world);
      if (wasDrained)
        await world
          .ports()
          .instances.tag(id, { [tagKeys.drain]: '2027-01-01T00:00:00Z autoscaler surplus' });
      await live(world, 25);
      expect(world.instances.get(id)?.state).toBe('running');
    }),
    { numRuns: 40 },
  );
});
