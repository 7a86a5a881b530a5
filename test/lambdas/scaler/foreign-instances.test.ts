import { missingTrace } from '../../../lambdas/core/protocol/origin';
import { tagKeys } from '../../../lambdas/core/protocol/tags';
import { read } from '../../../lambdas/reader/read';
import { runScaler } from '../../../lambdas/scaler/scaler';
import { origin } from '../traces';
import { envOf, FakeWorld } from './fake-world';

const env = envOf({ min: 1 });
const server = origin.serverInstanceId;

/**
 * One bridge, and the Jitsi Meet server with tags of the fleet, on which no bridge ever reports.
 */
function worldWithServer(tags: Readonly<Record<string, string>>): FakeWorld {
  const world = new FakeWorld();
  world.addBridge(1, { participants: 4, conferences: 1 });
  const { launchedAt } = world.instances.get('i-00000000000000001') ?? { launchedAt: 0 };
  world.instances.set(server, {
    instanceId: server,
    state: 'running',
    instanceType: 'c6i.xlarge',
    zone: 'us-east-1a',
    market: 'on-demand',
    launchedAt,
    tags,
  });
  world.hosts.set(server, {
    running: true,
    participants: 30,
    conferences: 3,
    draining: false,
    unheard: true,
    reachable: false,
  });
  return world;
}

test.each([
  ['the tag of the fleet', { [tagKeys.fleet]: 'test' }],
  [
    'every tag that a person can set',
    {
      [tagKeys.fleet]: 'test',
      [tagKeys.launch]: 'test-tr7uo0-0',
      [tagKeys.registered]: 'yes',
      [tagKeys.drain]: '2027-01-15T07:00:00.000Z operator no reason',
      [tagKeys.suspect]: '2027-01-15T07:00:00.000Z',
    },
  ],
])('the Jitsi Meet server with %s is not counted, asked, tagged or terminated', async (_, tags) => {
  const world = worldWithServer(tags);
  for (let minute = 0; minute < 90; minute++) {
    world.passMinutes(1, 0.2);
    const reply = await runScaler(world.ports(), env, {});
    expect(reply).toMatchObject({ ok: true, after: { active: 1, booting: 0, draining: 0 } });
    world.settle();
  }
  expect(world.effects.filter((text) => text.includes(server))).toEqual([]);
  expect(world.instances.get(server)).toMatchObject({ state: 'running', tags });
});

const told = {
  code: 'ForeignInstance',
  instanceId: server,
  missing: 'notTheServer',
  text: `${server} has the fleet's tag but is the Jitsi Meet server: ignoring it; remove its tag bridges:fleet`,
};

test('it is told by the decision record, by status and plan, and by an error in the log', async () => {
  const world = worldWithServer({ [tagKeys.fleet]: 'test' });
  world.passMinutes(3, 0.2);
  await runScaler(world.ports(), env, {});
  const [record] = world.logged.filter(({ message }) => message === 'decision');
  expect(record?.fields['reasons']).toContainEqual(told);
  expect(world.logged).toContainEqual({ message: 'foreign instance', fields: told });
  for (const action of ['status', 'plan']) {
    const reply = await read(world.ports(), env, { action });
    expect(reply).toMatchObject({
      ok: true,
      bridges: [{ instanceId: 'i-00000000000000001' }],
      reasons: expect.arrayContaining([told]) as unknown,
    });
  }
});

test.each(['drain', 'retire', 'protect', 'undrain', 'rotate'])(
  'an order to %s it is rejected: it is no bridge of the fleet',
  async (action) => {
    const world = worldWithServer({ [tagKeys.fleet]: 'test' });
    world.passMinutes(3, 0.2);
    const reply = await runScaler(world.ports(), env, { action, bridge: server });
    expect(reply).toMatchObject({ ok: false, error: { code: 'UnknownBridge' } });
    expect(world.writes).toEqual([]);
  },
);

test('another machine with the tag of the fleet does not count either, with or without calls', async () => {
  const world = new FakeWorld();
  world.addBridge(1, {}, { tags: { [tagKeys.launch]: 'by hand' } });
  world.passMinutes(3, 0.2);
  const [instance] = world.instances.values();
  expect(instance && missingTrace(instance, 'test', origin)).toBe('launchToken');
  const reply = await runScaler(world.ports(), env, {});
  expect(reply).toMatchObject({ before: { active: 0 }, actions: [{ kind: 'launch', count: 1 }] });
});
