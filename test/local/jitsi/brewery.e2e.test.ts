import xml, { type Element } from '@xmpp/xml';
import { eventually } from '../../eventually';
import { Jicofo } from '../../../local/jitsi/jicofo/jicofo';
import { ClientSession } from '../../../local/jitsi/xmpp/client-session';
import { namespaces } from '../../../local/jitsi/xmpp/namespaces';
import { joinRequest, occupantPresence, roomPresence } from '../../../local/jitsi/xmpp/room';
import { FocusClient } from '../../../local/load/focus-client';
import { domain, focusPassword, ProsodyServer } from './prosody-server';
import { captured, shape } from './videobridge/stanza-shapes';
import { brewery, bridgeUnderTest, type BridgeUnderTest } from './videobridge2/bridge-under-test';

let prosody: ProsodyServer;
let jicofo: Jicofo;
let focus: FocusClient;
const bridges: BridgeUnderTest[] = [];

async function startBridge(name: string, more = ''): Promise<BridgeUnderTest> {
  const started = bridgeUnderTest(prosody, name, more);
  bridges.push(started);
  await started.bridge.start();
  return started;
}

const seen = (name: string) =>
  jicofo.stats().bridges.find(({ jid }) => jid === `${brewery}/${name}`);

async function join(nickname: string, user: string): Promise<[ClientSession, Element[]]> {
  const session = await ClientSession.connect({
    host: '127.0.0.1',
    port: prosody.clientPort,
    domain: `auth.${domain}`,
    credentials: { kind: 'password', user, password: `${user}-password` },
    trust: { kind: 'pinned', pem: prosody.authCertificate },
  });
  const received: Element[] = [];
  session.onStanza = (stanza) => received.push(stanza);
  session.send(roomPresence(brewery, nickname, joinRequest()));
  return [session, received];
}

beforeEach(async () => {
  prosody = await ProsodyServer.create({
    bridges: [],
    accounts: ['jvb-a', 'jvb-b', 'watch'],
  });
  jicofo = new Jicofo({
    settings: {
      host: '127.0.0.1',
      port: prosody.clientPort,
      authDomain: `auth.${domain}`,
      authUser: 'focus',
      authPassword: focusPassword,
      verifyCertificate: true,
      bridges: { kind: 'brewery', room: `JvbBrewery@internal.auth.${domain}` },
      retryMilliseconds: 500,
      maxReportAgeMilliseconds: 2000,
      healthCheckMilliseconds: 1000,
      controlHost: '127.0.0.1',
      controlPort: 0,
    },
    trust: { kind: 'pinned', pem: prosody.authCertificate },
  });
  await jicofo.start();
  focus = new FocusClient(`http://127.0.0.1:${jicofo.controlPort}`);
});

afterEach(async () => {
  await Promise.all(bridges.splice(0).map(({ bridge }) => bridge.stop()));
  await jicofo.stop();
  await prosody.remove();
});

test('a bridge is found by its presence, starts with the stress of a cold JVM, takes and reports conferences', async () => {
  await startBridge('jvb-a');
  await eventually(() => seen('jvb-a') !== undefined);
  expect(seen('jvb-a')?.stress).toBeGreaterThan(1.1);
  await eventually(() => (seen('jvb-a')?.stress ?? 1) < 0.01);

  expect(await focus.start('room', ['ann', 'bob', 'cat'])).toBe(true);
  await eventually(() => seen('jvb-a')?.participants === 3 && seen('jvb-a')?.conferences === 1);
  await focus.leave('room', ['ann']);
  await eventually(() => seen('jvb-a')?.participants === 2);
  await focus.end('room');
  // Without its last endpoint the conference is over at once: v1 took a minute.
  await eventually(() => seen('jvb-a')?.conferences === 0);
  expect((await focus.stats()).forcedDisconnects).toBe(0);
});

test('draining shows in presence, gets conferences only when nothing else is left, and is reversible', async () => {
  const a = await startBridge('jvb-a');
  await eventually(() => seen('jvb-a')?.operational === true);
  await focus.start('first', ['ann']);
  expect((await a.request('POST', '/colibri/drain/enable')).status).toBe(200);
  expect(await (await a.request('GET', '/colibri/drain')).json()).toEqual({ drain: true });
  await eventually(() => seen('jvb-a')?.operational === false);
  expect(await focus.start('second', ['bob'])).toBe(true);

  const b = await startBridge('jvb-b');
  await eventually(() => seen('jvb-b')?.operational === true);
  await focus.start('third', ['cat']);
  await focus.join('first', ['dan']);
  expect([a.bridge.participants, b.bridge.participants]).toEqual([3, 1]);

  expect((await a.request('POST', '/colibri/drain/disable')).status).toBe(200);
  await eventually(() => seen('jvb-a')?.operational === true);
  expect((await focus.stats()).movedParticipants).toBe(0);
});

test('graceful shutdown refuses conferences, keeps its people, and ends when the last has left', async () => {
  const a = await startBridge('jvb-a');
  await eventually(() => seen('jvb-a')?.operational === true);
  await focus.start('room', ['ann']);
  expect(
    (await a.request('POST', '/colibri/shutdown', { 'graceful-shutdown': 'true' })).status,
  ).toBe(200);
  // Before the focus can know: the bridge itself refuses.
  expect(await focus.start('other', ['bob'])).toBe(false);
  expect(await focus.join('room', ['cat'])).toBe(true);
  await eventually(() => seen('jvb-a')?.operational === false);
  expect(await (await a.request('GET', '/colibri/stats')).json()).toMatchObject({
    graceful_shutdown: true,
    shutting_down: false,
  });

  await focus.end('room');
  await eventually(() => a.hasExited() && seen('jvb-a') === undefined);
  expect((await focus.stats()).forcedDisconnects).toBe(0);
});

test('REST has only what the configuration enables', async () => {
  const a = await startBridge(
    'jvb-a',
    'videobridge.apis.rest.enabled = false\nvideobridge.rest.drain.enabled = false',
  );
  const status = async (method: string, path: string) => (await a.request(method, path)).status;
  expect(await status('GET', '/about/health')).toBe(200);
  expect(await status('GET', '/colibri/stats')).toBe(404);
  expect(await status('POST', '/colibri/shutdown')).toBe(404);
  expect(await status('POST', '/colibri/drain/enable')).toBe(404);
});

test('a bridge that no guest could reach is unhealthy, and the focus does not use it', async () => {
  const a = await startBridge('jvb-a', 'ice4j.harvest.mapping.static-mappings = []');
  expect((await a.request('GET', '/about/health')).status).toBe(500);
  await eventually(() => seen('jvb-a')?.operational === false);
  expect(await focus.start('room', ['ann'])).toBe(false);
});

test.each(['kill', 'stop'] as const)(
  'after the %s of Prosody, bridge and focus are back, and nobody lost a call',
  async (end) => {
    const a = await startBridge('jvb-a');
    await eventually(() => seen('jvb-a')?.operational === true);
    await focus.start('room', ['ann']);
    await prosody[end]();
    await eventually(() => !a.bridge.online && !jicofo.stats().connected);
    await prosody.start();
    await eventually(() => a.bridge.online && jicofo.stats().connected);
    await focus.join('room', ['bob']);
    await eventually(() => seen('jvb-a')?.participants === 2);
    expect((await focus.stats()).forcedDisconnects).toBe(0);
  },
);

test('a bridge that dies leaves the room; its people are counted and placed elsewhere', async () => {
  const a = await startBridge('jvb-a');
  await eventually(() => seen('jvb-a')?.operational === true);
  await focus.start('room', ['ann', 'bob']);
  const b = await startBridge('jvb-b');
  await eventually(() => seen('jvb-b')?.operational === true);
  await a.bridge.stop();
  await eventually(() => b.bridge.participants === 2);
  expect(seen('jvb-a')).toBeUndefined();
  expect((await focus.stats()).forcedDisconnects).toBe(2);
});

test('a bridge does not log in to a server whose certificate it does not trust', async () => {
  const other = await ProsodyServer.create({ bridges: [] });
  await other.kill();
  const wary = bridgeUnderTest(prosody, 'jvb-a', '', other.authCertificate);
  bridges.push(wary);
  await wary.bridge.start();
  await eventually(() => wary.logged().some((line) => line.includes('certificate')));
  expect(wary.bridge.online).toBe(false);
  await other.remove();
});

test('what an occupant gets has the shape of the captured presence', async () => {
  await startBridge(
    'jvb-a',
    'videobridge.relay { enabled = true, relay-id = jvb-a, region = local }',
  );
  await eventually(() => seen('jvb-a') !== undefined);
  const [session, received] = await join('watch', 'watch');
  try {
    const own = () =>
      received.find((stanza) => occupantPresence(stanza, brewery)?.nickname === 'jvb-a');
    await eventually(() => own() !== undefined);
    const [expected = xml('none')] = captured('muc-presence.xml');
    const stats = (stanza: Element) =>
      shape(stanza.getChild('stats', namespaces.colibri) ?? xml('none'), 'any').replace(
        /name=version value=[^(]*/,
        'name=version',
      );
    expect(stats(own() ?? xml('none'))).toBe(stats(expected));
    const item = (stanza: Element) =>
      stanza.getChildren('x').flatMap((x) => x.getChildren('item'))[0];
    expect(item(own() ?? xml('none'))?.attrs['jid']).toMatch(/^jvb-a@auth\.meet\.test\//);
  } finally {
    await session.close();
  }
});
