import type { BridgeLink } from '../../../../local/jitsi/jicofo/bridge-link';
import { BridgeRegistry } from '../../../../local/jitsi/jicofo/bridge-registry';
import { Focus } from '../../../../local/jitsi/jicofo/focus';

/** Bridges that remember who is on them. */
function fakeBridges() {
  const people = new Map<string, Set<string>>();
  const refusing = new Set<string>();
  const on = (bridge: string) => {
    const set = people.get(bridge) ?? new Set<string>();
    people.set(bridge, set);
    return set;
  };
  const link: BridgeLink = {
    allocate: (bridge, conferenceId, endpoints) => {
      if (refusing.has(bridge)) return Promise.resolve(undefined);
      for (const endpoint of endpoints) on(bridge).add(endpoint);
      const channels = new Map(
        endpoints.map((name) => [name, { audio: `${name}-a`, video: `${name}-v` }]),
      );
      return Promise.resolve({ conferenceId: conferenceId ?? `conference@${bridge}`, channels });
    },
    expire: ({ bridge, channels }) => {
      for (const endpoint of channels.keys()) on(bridge).delete(endpoint);
      return Promise.resolve();
    },
    touch: () => Promise.resolve(),
  };
  return { link, refusing, peopleOn: (bridge: string) => [...on(bridge)].sort() };
}

const report = (packetRate: number, gracefulShutdown = false) => ({
  stressRatio: packetRate / 50_800,
  participants: 0,
  conferences: 0,
  gracefulShutdown,
  drain: false,
  shuttingDown: false,
});

function setup() {
  const bridges = fakeBridges();
  const registry = new BridgeRegistry(15_000);
  registry.add('one', report(0), 0);
  registry.add('two', report(1000), 0);
  return { ...bridges, registry, focus: new Focus(registry, bridges.link, () => 0) };
}

test('a conference stays whole on the bridge that it began on', async () => {
  const { focus, peopleOn, registry } = setup();
  expect(await focus.join('room', ['ann', 'bob'])).toBe('one');
  registry.update('one', report(40_000), 0);
  expect(await focus.join('room', ['cat'])).toBe('one');
  await focus.leave('room', ['ann']);
  expect(peopleOn('one')).toEqual(['bob', 'cat']);
  await focus.end('room');
  expect(peopleOn('one')).toEqual([]);
  expect(focus.counts()).toMatchObject({ conferences: 0, participants: 0, forcedDisconnects: 0 });
});

test('a bridge that refuses is passed over; when all refuse, so does the focus', async () => {
  const { focus, refusing } = setup();
  refusing.add('one');
  expect(await focus.join('room', ['ann'])).toBe('two');
  refusing.add('two');
  expect(await focus.join('other', ['bob'])).toBeUndefined();
  expect(focus.counts()).toMatchObject({ conferences: 1, refusedConferences: 1 });
});

test('people on a bridge that is lost are counted as cut off, and meet again elsewhere', async () => {
  const { focus, peopleOn, registry } = setup();
  await focus.join('room', ['ann', 'bob']);
  registry.remove('one');
  await focus.bridgeLost('one');
  expect(peopleOn('two')).toEqual(['ann', 'bob']);
  expect(focus.counts()).toMatchObject({ forcedDisconnects: 2, unplacedConferences: 0 });
});

test('a conference without any bridge waits for the next one', async () => {
  const { focus, peopleOn, registry } = setup();
  await focus.join('room', ['ann']);
  for (const jid of ['one', 'two']) registry.remove(jid);
  await focus.bridgeLost('one');
  expect(focus.counts()).toMatchObject({ forcedDisconnects: 1, unplacedConferences: 1 });
  registry.add('three', report(0), 0);
  await focus.placeHomeless();
  expect(peopleOn('three')).toEqual(['ann']);
  expect([...focus.counts().firstConferences.keys()]).toEqual(['one', 'three']);
});

test('who joins a conference on a bridge that shuts down takes it elsewhere, and nobody is cut off', async () => {
  const { focus, peopleOn, registry } = setup();
  await focus.join('room', ['ann']);
  registry.update('one', report(0, true), 0);
  expect(await focus.join('room', ['bob'])).toBe('two');
  expect(peopleOn('one')).toEqual([]);
  expect(peopleOn('two')).toEqual(['ann', 'bob']);
  expect(focus.counts()).toMatchObject({ forcedDisconnects: 0, movedParticipants: 1 });
});
