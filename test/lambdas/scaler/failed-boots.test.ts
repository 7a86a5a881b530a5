import { runScaler } from '../../../lambdas/scaler/scaler';
import { envOf, FakeWorld } from './fake-world';

const env = envOf({ min: 2 });

/** One bridge that reports, and one that was launched beside it. */
async function worldWithBoot(): Promise<{ world: FakeWorld; launched: string }> {
  const world = new FakeWorld();
  world.addBridge(1, { participants: 1, conferences: 1 });
  world.passMinutes(3, 0.1);
  await runScaler(world.ports(), env, {});
  const launched = [...world.instances.values()].find(({ state }) => state === 'pending');
  return { world, launched: launched?.instanceId ?? 'none' };
}

async function reasonsOf(world: FakeWorld): Promise<readonly string[]> {
  const reply = await runScaler(world.ports(), env, {});
  return 'reasons' in reply ? reply.reasons.map(({ text }) => text) : [];
}

test('a boot that failed is told in the words of its console', async () => {
  const { world, launched } = await worldWithBoot();
  world.consoles.set(launched, ['FAILED in stage install (exit 100)', '| E: no such version']);
  world.instances.delete(launched);
  world.passMinutes(5, 0.1);
  expect(await reasonsOf(world)).toContain(
    `${launched}: console output ends with FAILED in stage install (exit 100) / | E: no such version`,
  );
  expect(world.logged.find(({ message }) => message === 'boot failed')?.fields).toEqual({
    code: 'BootConsole',
    instanceId: launched,
    lines: ['FAILED in stage install (exit 100)', '| E: no such version'],
  });
  expect((await reasonsOf(world)).join()).not.toContain(launched);
});

test('a console that cannot be read keeps nothing from being done', async () => {
  const { world, launched } = await worldWithBoot();
  world.instances.delete(launched);
  world.passMinutes(5, 0.1);
  const ports = world.ports();
  const denied = Object.assign(new Error(), { name: 'UnauthorizedOperation' });
  const instances = { ...ports.instances, lastWords: () => Promise.reject(denied) };
  const reply = await runScaler({ ...ports, instances }, env, {});
  expect(reply).toMatchObject({ ok: true });
  expect('reasons' in reply && reply.reasons).toContainEqual(
    expect.objectContaining({
      code: 'BootConsole',
      instanceId: launched,
      unreadable: 'UnauthorizedOperation',
    }),
  );
  expect(world.effects.filter((effect) => effect.startsWith('launch'))).toHaveLength(2);
});

test('a bridge that came up has nothing to explain', async () => {
  const { world, launched } = await worldWithBoot();
  world.consoles.set(launched, ['healthy after 41s']);
  world.settle();
  world.passMinutes(4, 0.1);
  expect((await reasonsOf(world)).join()).not.toContain('console output');
});
