import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { componentJid } from '../../../lambdas/core/protocol/xmpp-names';
import { startFakeBridge, type FakeBridge } from './fake-bridge';
import { domain, startProsody, type TestProsody } from './prosody';
import { runCollector as run, type Run } from './run-collector';

const password = 'correct4horse4battery4staple';
const first = 'i-0aaaaaaaaaaaaaaa1';
const second = 'i-0aaaaaaaaaaaaaaa2';
const secrets = {
  [componentJid(first, domain)]: 'firstsecret',
  [componentJid(second, domain)]: 'secondsecret',
  [`jitsi-videobridge.${domain}`]: 'defaultsecret',
};

const runCollector = (more: Omit<Run, 'generation' | 'password'> & { password?: string }) =>
  run({ generation: 'component', password, ...more });

/** What a client writes in the clear on its way to the server, before TLS hides the rest. */
async function recordingProxy(target: number) {
  const sent: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.on('data', (data) => sent.push(data));
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    sent: () => Buffer.concat(sent).toString('latin1'),
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe('with a Prosody that offers TLS', () => {
  let prosody: TestProsody;
  beforeAll(async () => {
    prosody = await startProsody({
      password,
      components: secrets,
      tls: 'offered',
      node: 'firstBridge',
    });
  });
  afterAll(() => prosody.stop());

  const running: FakeBridge[] = [];
  afterEach(() => Promise.all(running.splice(0).map((each) => each.stop())));

  const bridge = async (jid: string, values: Readonly<Record<string, string>>) => {
    const secret = secrets[jid] ?? '';
    running.push(await startFakeBridge({ port: prosody.componentPort, jid, secret, values }));
  };

  test('waits for the node, reads what bridges publish and publishes it as metrics', async () => {
    const collecting = runCollector({
      port: prosody.clientPort,
      fingerprint: prosody.fingerprint,
      windowSeconds: 5,
    });
    // The node is not there yet when the collector subscribes: the first bridge creates it.
    await pause(1200);
    await bridge(componentJid(first, domain), {
      packet_rate_download: '20320',
      packet_rate_upload: '20320',
      cpu_usage: '0.1',
      participants: '12',
      conferences: '3',
    });
    await bridge(componentJid(second, domain), { cpu_usage: '0.45', graceful_shutdown: 'true' });
    await bridge(`jitsi-videobridge.${domain}`, {});
    const { collected, published } = await collecting;

    expect(collected).toMatchObject({ result: 'published', observed: true, rejected: {} });
    const valueOf = (name: string, bridgeName?: string) =>
      published.find(({ name: n, dimensions }) => n === name && dimensions['Bridge'] === bridgeName)
        ?.value;
    expect(valueOf('Stress', 'jvb-0aaaaaaaaaaaaaaa1')).toBeCloseTo(0.8, 6);
    expect(valueOf('Participants', 'jvb-0aaaaaaaaaaaaaaa1')).toBe(12);
    expect(valueOf('Conferences', 'jvb-0aaaaaaaaaaaaaaa1')).toBe(3);
    expect(valueOf('Draining', 'jvb-0aaaaaaaaaaaaaaa1')).toBeUndefined();
    expect(valueOf('Stress', 'jvb-0aaaaaaaaaaaaaaa2')).toBeCloseTo(0.5, 6);
    expect(valueOf('Draining', 'jvb-0aaaaaaaaaaaaaaa2')).toBe(1);
    expect(valueOf('BridgesReporting')).toBe(2);
    expect(valueOf('RejectedReports')).toBe(0);
  });

  test('ends before the window when everyone known has reported', async () => {
    await bridge(componentJid(first, domain), {});
    const start = Date.now();
    const { collected } = await runCollector({
      port: prosody.clientPort,
      fingerprint: prosody.fingerprint,
      windowSeconds: 20,
      known: new Set([first]),
    });
    const seconds = (Date.now() - start) / 1000;
    expect(collected).toMatchObject({ reports: [{ instanceId: first }] });
    expect(seconds).toBeGreaterThan(5.5);
    expect(seconds).toBeLessThan(12);
  });

  test('refuses a server that shows another certificate, before anything secret is sent', async () => {
    const proxy = await recordingProxy(prosody.clientPort);
    const wrong = 'ab'.repeat(32);
    await expect(runCollector({ port: proxy.port, fingerprint: wrong })).rejects.toMatchObject({
      name: 'CertificateNotPinnedError',
    });
    expect(proxy.sent()).toContain('<starttls');
    expect(proxy.sent()).not.toContain('<auth');
    expect(await prosody.log()).not.toMatch(/Authentication failed/i);
    proxy.stop();
  });

  test('sends the password only inside TLS', async () => {
    const proxy = await recordingProxy(prosody.clientPort);
    await bridge(componentJid(first, domain), {});
    await runCollector({ port: proxy.port, fingerprint: prosody.fingerprint });
    expect(proxy.sent()).toContain('<starttls');
    expect(proxy.sent()).not.toMatch(/<auth|bridges-collector/);
    proxy.stop();
  });

  test('fails and publishes nothing when the password is wrong', async () => {
    await expect(
      runCollector({
        port: prosody.clientPort,
        fingerprint: prosody.fingerprint,
        password: 'wrong',
      }),
    ).rejects.toMatchObject({ name: 'SASLError', condition: 'not-authorized' });
  });
});

describe('with our module holding the node', () => {
  let prosody: TestProsody;
  const start = (members: 'withAccount' | 'withoutAccount') =>
    startProsody({ password, components: secrets, tls: 'offered', node: 'ourModule', members });
  afterEach(() => prosody.stop());

  test('its account is let in by the whitelist', async () => {
    prosody = await start('withAccount');
    const jid = componentJid(first, domain);
    const reporting = await startFakeBridge({
      ...{ port: prosody.componentPort, jid, secret: secrets[jid] ?? '' },
      values: { participants: '4' },
    });
    const { collected } = await runCollector({
      port: prosody.clientPort,
      fingerprint: prosody.fingerprint,
    });
    await reporting.stop();
    expect(collected).toMatchObject({ reports: [{ instanceId: first, participantCount: 4 }] });
  });

  test('without a right to the node it fails, and publishes no zero', async () => {
    prosody = await start('withoutAccount');
    await expect(
      runCollector({ port: prosody.clientPort, fingerprint: prosody.fingerprint }),
    ).rejects.toMatchObject({
      name: 'SubscribeFailedError',
      message: 'meet.test answers forbidden to subscribe',
    });
  });
});

describe('with a server whose STARTTLS was stripped', () => {
  let prosody: TestProsody;
  beforeAll(async () => {
    prosody = await startProsody({
      password,
      components: secrets,
      tls: 'stripped',
      node: 'firstBridge',
    });
  });
  afterAll(() => prosody.stop());

  test('refuses to authenticate', async () => {
    const proxy = await recordingProxy(prosody.clientPort);
    await expect(
      runCollector({ port: proxy.port, fingerprint: prosody.fingerprint }),
    ).rejects.toMatchObject({ name: 'StartTlsRefusedError' });
    expect(proxy.sent()).not.toMatch(/<auth|bridges-collector/);
    proxy.stop();
  });
});

test('fails at once when nobody listens on the port', async () => {
  await expect(runCollector({ port: 1, fingerprint: 'ab'.repeat(32) })).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
});
