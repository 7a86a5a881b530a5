import { runScaler } from '../../../lambdas/scaler/scaler';
import { envOf, FakeWorld } from './fake-world';

const env = envOf({ min: 1, max: 5, emptySeconds: 60 }, 'muc');
const one = 'i-00000000000000001';
const two = 'i-00000000000000002';

/** Two bridges with accounts that work. */
function worldOfTwo(host = {}): FakeWorld {
  const world = new FakeWorld();
  world.generation = 'muc';
  world.addBridge(1, host);
  world.addBridge(2);
  world.passMinutes(5, 0.3);
  return world;
}

const order = (world: FakeWorld, action: string) =>
  runScaler(world.ports(), env, { action, bridge: one });

test('a bridge is undrained while it has calls', async () => {
  const world = worldOfTwo({ participants: 7, conferences: 2 });
  await order(world, 'drain');
  expect(world.hosts.get(one)).toMatchObject({ draining: true });
  world.passMinutes(2, 0.3);
  expect(await order(world, 'undrain')).toMatchObject({
    ok: true,
    actions: [{ kind: 'undrain', instanceId: one, status: 'done' }],
    before: { active: 1, draining: 1 },
    after: { active: 2, draining: 0 },
  });
  expect(world.effects.slice(-2)).toEqual([`run undrain ${one}`, `untag ${one} bridges:drain`]);
  expect(world.hosts.get(one)).toMatchObject({ draining: false, participants: 7 });
});

test('a drain stays when the bridge does not cancel it', async () => {
  const world = worldOfTwo({ draining: true, shutDown: true });
  await order(world, 'drain');
  expect(await order(world, 'undrain')).toMatchObject({
    ok: true,
    actions: [
      {
        kind: 'undrain',
        status: 'failed',
        detail: expect.stringContaining('irreversible') as unknown,
      },
    ],
    after: { active: 1, draining: 1 },
  });
  expect(world.instances.get(one)?.tags).toHaveProperty('bridges:drain');
});

test('growing load undrains before anything is launched', async () => {
  const world = worldOfTwo({ participants: 3, conferences: 1 });
  const tag = { 'bridges:drain': new Date(world.now * 1000).toISOString() + ' autoscaler surplus' };
  await world.ports().instances.tag(one, tag);
  Object.assign(world.hosts.get(one) ?? {}, { draining: true });
  world.passMinutes(2, 0.9);
  await runScaler(world.ports(), env, {});
  expect(world.writes).toContain(`run undrain ${one}`);
  expect(world.hosts.get(one)).toMatchObject({ draining: false });
});

test('a drained bridge is shut down for good before it is terminated', async () => {
  const world = worldOfTwo();
  await order(world, 'drain');
  expect(world.hosts.get(one)).toMatchObject({ draining: true });
  expect(world.hosts.get(one)?.shutDown).not.toBe(true);
  world.passMinutes(3, 0.1);
  await runScaler(world.ports(), env, {});
  const ends = world.effects.filter((text) => /shutdown|terminate/.test(text));
  expect(ends).toEqual([`run shutdown ${one}`, `terminate ${one}`]);
  expect(world.instances.get(two)?.state).toBe('running');
});

test('one that got a call after all, as Jicofo had no other, is not terminated', async () => {
  const world = worldOfTwo();
  await order(world, 'drain');
  world.passMinutes(3, 0.1);
  Object.assign(world.hosts.get(one) ?? {}, { participants: 2, conferences: 1 });
  await runScaler(world.ports(), env, {});
  expect(world.effects).not.toContain(`terminate ${one}`);
});
