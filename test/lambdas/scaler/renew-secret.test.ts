import type { Generation } from '../../../lambdas/core/protocol/generation';
import { runScaler } from '../../../lambdas/scaler/scaler';
import { Crash, envOf, FakeWorld } from './fake-world';

const one = 'i-00000000000000001';
const command = { action: 'rotate', bridge: one };
const envFor = (generation: Generation) => envOf({ min: 1, max: 5 }, generation);

/** Two bridges, of which the first has been drained; its secret was never changed. */
async function drainedWorld(generation: Generation, host = {}): Promise<FakeWorld> {
  const world = new FakeWorld();
  world.generation = generation;
  world.addBridge(1, host);
  world.addBridge(2);
  world.passMinutes(5, 0.3);
  const drain = { action: 'drain', bridge: one };
  await runScaler(world.ports(), envFor(generation), drain);
  world.passMinutes(1, 0.1);
  world.writes.length = 0;
  return world;
}

describe.each<Generation>(['component', 'muc'])('generation %s', (generation) => {
  const env = envFor(generation);

  test('a drained bridge takes no calls, gets another secret, starts with it, and works', async () => {
    const world = await drainedWorld(generation);
    expect(await runScaler(world.ports(), env, command)).toMatchObject({
      ok: true,
      actions: [{ kind: 'renewSecret', instanceId: one, status: 'done' }],
      before: { active: 1, draining: 1 },
      after: { active: 2, draining: 0 },
    });
    expect(world.effects).toEqual([
      `tag ${one} bridges:drain`,
      `run shutdown ${one}`,
      `rotate ${one}`,
      `run renew ${one}`,
      `untag ${one} bridges:drain`,
    ]);
    expect([world.wanted.get(one), world.held.get(one)]).toEqual([2, 2]);
    const status = await runScaler(world.ports(), env, { action: 'status' });
    expect(status).toMatchObject({ before: { active: 2, draining: 0 } });
  });

  test('a bridge that is not drained is refused, and nothing changes', async () => {
    const world = new FakeWorld();
    world.addBridge(1);
    world.passMinutes(5, 0.3);
    expect(await runScaler(world.ports(), env, command)).toMatchObject({
      ok: false,
      error: { code: 'NotDrained', field: 'bridge' },
    });
    expect(world.writes).toEqual([]);
  });

  test.each([
    ['has calls', { participants: 2, conferences: 1 }],
    ['has a conference without people', { conferences: 1 }],
  ])('a drained bridge that %s is refused', async (_, host) => {
    const world = await drainedWorld(generation, host);
    expect(await runScaler(world.ports(), env, command)).toMatchObject({
      ok: false,
      error: { code: 'NotDrained' },
    });
    expect(world.writes).toEqual([]);
  });

  test('a bridge that got a call since its last report keeps its secret', async () => {
    const world = await drainedWorld(generation);
    Object.assign(world.hosts.get(one) ?? {}, { participants: 1, conferences: 1 });
    const reply = await runScaler(world.ports(), env, command);
    expect(reply).toMatchObject({
      ok: true,
      actions: [
        { status: 'skipped', detail: expect.stringContaining('1 participants') as unknown },
      ],
      after: { draining: 1 },
    });
    expect(world.wanted.get(one)).toBeUndefined();
  });

  test('when Server A cannot be brought along, the bridge is not started with what it may not know', async () => {
    const world = await drainedWorld(generation);
    world.registrarFails = true;
    expect(await runScaler(world.ports(), env, command)).toMatchObject({
      actions: [
        {
          status: 'failed',
          detail: expect.stringMatching(/registrar failed .*Server A is away/) as unknown,
        },
      ],
      after: { draining: 1 },
    });
    expect(world.writes).not.toContain(`run renew ${one}`);
    expect(world.instances.get(one)?.tags).toHaveProperty('bridges:drain');
  });

  test('wherever it is killed, the bridge works with the secret that is wanted, or ends empty', async () => {
    for (let calls = 0; ; calls++) {
      const world = await drainedWorld(generation);
      world.callsUntilCrash = calls;
      const done = await runScaler(world.ports(), env, command).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Crash) return false;
          throw error;
        },
      );
      world.callsUntilCrash = Infinity;
      for (let minute = 0; minute < 6; minute++) {
        world.passMinutes(1, 0.1);
        await runScaler(world.ports(), env, {});
      }
      const isGone = world.instances.get(one)?.state !== 'running';
      const isInStep = (world.wanted.get(one) ?? 1) === (world.held.get(one) ?? 1);
      expect({ calls, fine: isGone || isInStep }).toEqual({ calls, fine: true });
      if (done && calls > 5) return;
    }
  });
});
