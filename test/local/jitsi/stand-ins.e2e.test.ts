import xml, { type Element } from '@xmpp/xml';
import { eventually } from '../../eventually';
import { Jicofo } from '../../../local/jitsi/jicofo/jicofo';
import { ClientSession } from '../../../local/jitsi/xmpp/client-session';
import { namespaces } from '../../../local/jitsi/xmpp/namespaces';
import type { Videobridge } from '../../../local/jitsi/videobridge/videobridge';
import { FocusClient } from '../../../local/load/focus-client';
import { MeetingLoad } from '../../../local/load/meeting-load';
import { Sentinels } from '../../../local/load/sentinels';
import { bridgeUnderTest } from './bridge-under-test';
import { captured, shape } from './videobridge/stanza-shapes';
import { domain, focusPassword, ProsodyServer } from './prosody-server';

let prosody: ProsodyServer;
let jicofo: Jicofo;
let focus: FocusClient;
const bridges: Videobridge[] = [];

async function startBridge(
  name: string,
  overrides: readonly (readonly [string, string])[] = [],
): Promise<Videobridge> {
  const bridge = bridgeUnderTest(prosody.componentPort, name, overrides);
  bridges.push(bridge);
  await bridge.start();
  return bridge;
}

const knownBridges = () => jicofo.stats().bridges.map(({ jid }) => jid);
const bridgeStats = (jid: string) => jicofo.stats().bridges.find((bridge) => bridge.jid === jid);

async function shutDown(bridge: Videobridge, value: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${bridge.restPort ?? 0}/colibri/shutdown`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ 'graceful-shutdown': value }),
  });
  return response.status;
}

async function startServer(rights: 'product' | 'tutorial'): Promise<void> {
  prosody = await ProsodyServer.create({
    bridges: ['jvb-a', 'jvb-b'],
    strangers: ['stranger'],
    rights,
  });
  jicofo = new Jicofo({
    settings: {
      host: '127.0.0.1',
      port: prosody.clientPort,
      authDomain: `auth.${domain}`,
      authUser: 'focus',
      authPassword: focusPassword,
      verifyCertificate: true,
      bridges: { kind: 'pubsub', address: domain, node: 'sharedStatsNode' },
      retryMilliseconds: 500,
      maxReportAgeMilliseconds: 2000,
      healthCheckMilliseconds: 60_000,
      controlHost: '127.0.0.1',
      controlPort: 0,
    },
    trust: { kind: 'pinned', pem: prosody.authCertificate },
  });
  await jicofo.start();
  focus = new FocusClient(`http://127.0.0.1:${jicofo.controlPort}`);
}

afterEach(async () => {
  await Promise.all(bridges.splice(0).map((bridge) => bridge.stop()));
  await jicofo.stop();
  await prosody.remove();
});

describe('with node and rights held by the product', () => {
  beforeEach(() => startServer('product'));

  test('a bridge is found by its first report, takes conferences and reports them', async () => {
    await startBridge('jvb-a');
    await eventually(() => knownBridges().includes('jvb-a.meet.test'));

    expect(await focus.start('room', ['ann', 'bob', 'cat'])).toBe(true);
    await eventually(() => bridgeStats('jvb-a.meet.test')?.participants === 3);
    const [first] = (await focus.stats()).firstConferences;
    expect(first?.jid).toBe('jvb-a.meet.test');

    await focus.leave('room', ['ann']);
    await eventually(() => bridgeStats('jvb-a.meet.test')?.participants === 2);
    await focus.end('room');
    await eventually(() => bridgeStats('jvb-a.meet.test')?.participants === 0);
    // The conference itself waits for the bridge's next look, a minute at most.
    expect(bridgeStats('jvb-a.meet.test')?.conferences).toBe(1);
  });

  test('a bridge takes conferences from nobody but its authorized source', async () => {
    const source = [
      'org.jitsi.videobridge.AUTHORIZED_SOURCE_REGEXP',
      'focus@other[.]test/.*',
    ] as const;
    await startBridge('jvb-a', [source]);
    await eventually(() => knownBridges().includes('jvb-a.meet.test'));
    expect(await focus.start('room', ['ann'])).toBe(false);
    expect(bridgeStats('jvb-a.meet.test')?.conferences).toBe(0);
  });

  test('a bridge without rights is connected, refused once and never heard of again', async () => {
    const stranger = await startBridge('stranger');
    await eventually(() => stranger.silent);
    expect(stranger.online).toBe(true);
    expect(knownBridges()).toEqual([]);
  });

  test('after Prosody was killed, bridge and focus are back and the silent one stays silent', async () => {
    const bridge = await startBridge('jvb-a');
    const stranger = await startBridge('stranger');
    await eventually(() => knownBridges().length === 1 && stranger.silent);

    await prosody.kill();
    await eventually(() => !bridge.online && !jicofo.stats().connected);
    await prosody.start();
    await eventually(() => bridge.online && stranger.online && jicofo.stats().connected);
    expect(await focus.start('room', ['ann'])).toBe(true);
    await eventually(() => bridgeStats('jvb-a.meet.test')?.participants === 1);
    expect(bridge.silent).toBe(false);
    expect(stranger.silent).toBe(true);
  });

  test('a bridge that falls silent is dropped and its people are counted and placed elsewhere', async () => {
    const first = await startBridge('jvb-a');
    await eventually(() => knownBridges().length === 1);
    await focus.start('room', ['ann', 'bob']);
    const second = await startBridge('jvb-b');
    await eventually(() => knownBridges().length === 2);

    await first.stop();
    await eventually(() => second.participants === 2);
    expect(knownBridges()).toEqual(['jvb-b.meet.test']);
    expect((await focus.stats()).forcedDisconnects).toBe(2);
  });

  test('in graceful shutdown a bridge keeps its people, takes nobody new, goes on reporting and does not exit', async () => {
    const bridge = await startBridge('jvb-a', [
      ['org.jitsi.videobridge.EXPIRE_CHECK_SLEEP_SEC', '1'],
    ]);
    await eventually(() => knownBridges().length === 1);
    await focus.start('room', ['ann']);

    expect(await shutDown(bridge, 'true')).toBe(200);
    await eventually(() => bridgeStats('jvb-a.meet.test')?.operational === false);
    expect(await focus.start('other', ['bob'])).toBe(false);
    expect(await focus.join('room', ['cat'])).toBe(true);
    expect(bridge.participants).toBe(2);

    await focus.end('room');
    expect(await shutDown(bridge, 'false')).toBe(200);
    await eventually(() => bridgeStats('jvb-a.meet.test')?.conferences === 0);
    const response = await fetch(`http://127.0.0.1:${bridge.restPort ?? 0}/colibri/stats`);
    expect(await response.json()).toMatchObject({ graceful_shutdown: true, conferences: 0 });
  });

  test.each([
    ['401 to whoever does not match', 'shutdown.ALLOWED_SOURCE_REGEXP', 'focus@auth.*', 401],
    ['503 when it is switched off', 'ENABLE_REST_SHUTDOWN', 'false', 503],
  ])('shutdown over REST: %s', async (_, key, value, status) => {
    const bridge = await startBridge('jvb-a', [[`org.jitsi.videobridge.${key}`, value]]);
    expect(await shutDown(bridge, 'true')).toBe(status);
    const response = await fetch(`http://127.0.0.1:${bridge.restPort ?? 0}/colibri/stats`);
    expect(await response.json()).toMatchObject({ graceful_shutdown: false });
  });

  test('meetings hold the number of people they are told to', async () => {
    await startBridge('jvb-a');
    await startBridge('jvb-b');
    await eventually(() => knownBridges().length === 2);
    const load = new MeetingLoad({ focus });
    load.setTarget(50);
    for (let step = 0; step < 3; step += 1) await load.step();
    const reported = () => jicofo.stats().bridges.map(({ participants }) => participants);
    await eventually(() => reported().reduce((sum, count) => sum + count, 0) === 50);
    expect(Math.min(...reported())).toBeGreaterThan(10);
    await load.endAll();
    await eventually(() => reported().every((count) => count === 0));
    expect(await load.metrics()).toMatchObject({
      participants: 0,
      refused: 0,
      forcedDisconnects: 0,
    });
  });

  test('sentinels chat without loss, and notice when Prosody drops them', async () => {
    const sentinels = new Sentinels({
      count: 3,
      server: {
        host: '127.0.0.1',
        port: prosody.clientPort,
        domain,
        trust: { kind: 'loopback' },
      },
      intervalSeconds: 0.3,
      lostAfterSeconds: 1,
    });
    try {
      await sentinels.start();
      await eventually(() => sentinels.metrics().received >= 6);
      expect(sentinels.metrics()).toMatchObject({
        connected: 3,
        prosodySessionsDropped: 0,
        lost: 0,
        unansweredPings: 0,
      });
      await prosody.kill();
      await eventually(() => sentinels.metrics().prosodySessionsDropped === 3);
      await prosody.start();
      await eventually(() => sentinels.metrics().connected === 3);
    } finally {
      await sentinels.stop();
    }
  });
});

test('where bridges are admins as in the tutorial, the first one makes the node, and again after Prosody lost it', async () => {
  await startServer('tutorial');
  const bridge = await startBridge('jvb-a');
  await eventually(() => knownBridges().length === 1);
  await prosody.kill();
  await eventually(() => !bridge.online);
  await prosody.start();
  const before = Date.now();
  // It can place a conference there only when the node is back, and reports on it.
  await eventually(() => bridge.online && jicofo.stats().connected);
  await focus.start('room', ['ann']);
  await eventually(() => bridgeStats('jvb-a.meet.test')?.participants === 1);
  expect(Date.now() - before).toBeLessThan(15_000);
  expect(bridge.silent).toBe(false);
});

test('what a subscriber gets has the shape of the captured notification', async () => {
  await startServer('product');
  const session = await ClientSession.connect({
    host: '127.0.0.1',
    port: prosody.clientPort,
    domain: `auth.${domain}`,
    credentials: { kind: 'password', user: 'focus', password: focusPassword },
    trust: { kind: 'pinned', pem: prosody.authCertificate },
  });
  try {
    const event = new Promise<Element>((resolve) => (session.onStanza = resolve));
    const wish = xml('subscribe', { node: 'sharedStatsNode', jid: session.jid });
    const answer = await session.request(
      'set',
      domain,
      xml('pubsub', { xmlns: namespaces.pubsub }, wish),
    );
    expect(answer.kind).toBe('result');
    await startBridge('jvb-a');
    const received = await event;
    const [expected = xml('none')] = captured('component-event.xml');
    expect({ ...received.attrs, id: '', to: '' }).toEqual({
      ...expected.attrs,
      id: '',
      to: '',
    });
    const payload = shape(received.getChild('event') ?? xml('none'), 'any');
    const capturedPayload = shape(expected.getChild('event') ?? xml('none'), 'any');
    expect(payload).toBe(capturedPayload.replace('videobridge1.meet.test', 'jvb-a.meet.test'));
  } finally {
    await session.close();
  }
});
