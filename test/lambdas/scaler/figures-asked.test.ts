import { tagKeys } from '../../../lambdas/core/protocol/tags';
import { runScaler } from '../../../lambdas/scaler/scaler';
import { envOf, FakeWorld } from './fake-world';

/** Drains after one quiet minute. */
const env = envOf({ scaleInPatienceSeconds: 60 });
const tick = (world: FakeWorld) => runScaler(world.ports(), env, {});
const drainTag = '2027-01-15T08:00:00.000Z autoscaler surplus';

function idsAsked(world: FakeWorld) {
  return world.asked.map(({ stress, calls, draining }) => ({
    stress: stress.length,
    calls: calls.length,
    draining: draining.length,
  }));
}

test('a minute in which nothing may end asks for the stress of each bridge, once', async () => {
  const world = new FakeWorld();
  for (const index of [1, 2, 3]) world.addBridge(index, { participants: 30, conferences: 5 });
  world.passMinutes(12, 0.6);
  await tick(world);
  expect(idsAsked(world)).toEqual([{ stress: 3, calls: 0, draining: 0 }]);
  expect(world.effects.filter((text) => !text.startsWith('launch'))).toEqual([]);
});

test('people of a bridge that is young are asked for: its stress says nothing while it is empty', async () => {
  const world = new FakeWorld();
  world.addBridge(1, { participants: 30, conferences: 5 });
  world.addBridge(2, {}, { launchedAt: world.now });
  world.passMinutes(5, 0.5);
  await tick(world);
  expect(world.asked[0]?.calls).toEqual([...world.instances.keys()].slice(1));
});

test('when bridges may drain their conferences are read first, and the fewest drain', async () => {
  const world = new FakeWorld();
  const busy = world.addBridge(1, { participants: 4, conferences: 4 });
  const calm = world.addBridge(2, { participants: 9, conferences: 1 });
  world.passMinutes(12, 0.1);
  await tick(world);
  world.passMinutes(1, 0.1);
  await tick(world);
  expect(idsAsked(world)).toEqual([
    { stress: 2, calls: 0, draining: 0 },
    { stress: 2, calls: 0, draining: 0 },
    { stress: 0, calls: 2, draining: 0 },
  ]);
  expect(world.instances.get(calm)?.tags[tagKeys.drain]).toBeDefined();
  expect(world.instances.get(busy)?.tags[tagKeys.drain]).toBeUndefined();
});

test('a draining bridge is asked for all, and retires once it was read empty', async () => {
  const world = new FakeWorld();
  world.addBridge(1, { participants: 30, conferences: 5 });
  const drained = world.addBridge(2, { draining: true }, { tags: { [tagKeys.drain]: drainTag } });
  world.passMinutes(12, 0.2);
  await tick(world);
  expect(world.asked).toMatchObject([{ calls: [drained], draining: [drained] }]);
  expect(world.instances.get(drained)?.state).toBe('shutting-down');
});

test('a bridge that drains by itself is found, though nobody asked about it', async () => {
  const world = new FakeWorld();
  world.addBridge(1, { participants: 30, conferences: 5 });
  const self = world.addBridge(2, { participants: 5, conferences: 1, draining: true });
  world.passMinutes(12, 0.5);
  await tick(world);
  expect(idsAsked(world)).toEqual([
    { stress: 2, calls: 0, draining: 0 },
    { stress: 0, calls: 0, draining: 2 },
  ]);
  expect(world.instances.get(self)?.tags[tagKeys.drain]).toContain('autoscaler');
});

test('people who look see everything', async () => {
  const world = new FakeWorld();
  world.addBridge(1, { participants: 7, conferences: 2 });
  world.passMinutes(12, 0.5);
  const reply = await runScaler(world.ports(), env, { action: 'status' });
  expect(reply).toMatchObject({ bridges: [{ participantCount: 7, conferenceCount: 2 }] });
  expect(idsAsked(world)).toEqual([{ stress: 1, calls: 1, draining: 1 }]);
});
