import { eventually } from '../../eventually';
import { BootClient } from './boot-client';
import { userDataOf } from './user-data-of';

const bridge = { instanceId: 'i-0123456789abcdef3', privateIpAddress: '10.213.1.23' };
const name = 'jvb-0123456789abcdef3';
const secretName = `/jitsi-bridges/local/bridges/${bridge.instanceId}/secret`;
const secret = 'Zq7'.repeat(12);

describe("boot of a bridge of today's Jitsi", () => {
  let world: BootClient;
  const run = async (script: string): Promise<string> => {
    const { stdout, stderr, exitCode } = await world.run(bridge.instanceId, script);
    if (exitCode !== 0) throw new Error(`exit ${exitCode} of: ${script}\n${stdout}${stderr}`);
    return stdout;
  };
  const ask = async (action: string): Promise<unknown> =>
    JSON.parse(await run(`/opt/jitsi-bridges/bridge.sh ${action}`));
  const healthy = { ok: true, running: true, healthy: true, conferences: 0, participants: 0 };

  beforeAll(async () => {
    world = await BootClient.start();
    await world.startProsody(name, secret);
    const userData = userDataOf('muc', await world.fingerprint());
    await world.launch({ ...bridge, userData }, { 'public-ipv4': '203.0.113.7' });
    await world.console(bridge.instanceId, 'stage configure done');
  });

  afterAll(async () => {
    await world.namespace.stop();
  });

  test('installed and held, it has neither started nor a secret before it is registered', async () => {
    expect(await run("dpkg-query -W -f '${Version} ${Status}' jitsi-videobridge2")).toBe(
      '2.3-307-g4bb0aead1-1 hold ok installed',
    );
    expect(await run('systemctl is-active jitsi-videobridge2 || true')).toBe('inactive\n');
    expect((await world.observe(bridge.instanceId)).secretReads).toEqual([]);
  });

  test('registered, it logs in over TLS that it verified, joins the brewery, and says that it is healthy', async () => {
    await world.putSecret(secretName, secret);
    await world.tag(bridge.privateIpAddress, 'bridges:registered', '2026-01-01T00:00:00Z 0a1b');
    await world.console(bridge.instanceId, 'user data finished');
    expect((await world.observe(bridge.instanceId)).console).toMatch(
      /jitsi-bridges: stage start done in \d+s\njitsi-bridges: healthy after \d+s/,
    );
    const stats = await run('curl -sf http://127.0.0.1:8080/colibri/stats');
    expect(JSON.parse(stats)).toMatchObject({ muc_clients_connected: 1, mucs_joined: 1 });
  });

  test('a certificate that has no room in its parameter is the one that the server shows', async () => {
    const shown = await run(
      'openssl s_client -starttls xmpp -xmpphost auth.$(. /opt/jitsi-bridges/env; echo "$BRIDGES_DOMAIN") -connect $(. /opt/jitsi-bridges/env; echo "$BRIDGES_SERVER_ADDRESS"):5222 </dev/null 2>/dev/null | openssl x509 -noout -fingerprint -sha256',
    );
    const fingerprint = shown
      .trim()
      .replace(/^.*=|:/g, '')
      .toLowerCase();
    await world.putSecret(
      '/jitsi-bridges/local/server/certificate',
      JSON.stringify({ fingerprint }),
    );
    const trust = '/etc/jitsi/videobridge/jitsi-bridges-trust.p12';
    await run(`rm ${trust}`);
    expect(await ask('renew')).toMatchObject({ ok: true });
    expect(await run(`stat -c '%U:%G %a' ${trust}`)).toBe('jvb:jitsi 640\n');
    // Connected over TLS that it verified with what it fetched.
    await eventually(async () => JSON.stringify(await ask('status')).includes('"healthy":true'));
  });

  test('what it writes survives the configuration of its package', async () => {
    const files = 'cat /etc/jitsi/videobridge/jvb.conf /etc/jitsi/videobridge/config';
    const before = await run(files);
    await run('dpkg-reconfigure -f noninteractive jitsi-videobridge2');
    expect(await run(files)).toBe(before);
  });

  test('its secret is in one file, which only the bridge may read', async () => {
    const places = await run(`grep -rlE '(Zq7){12}' /etc /var /opt /root /tmp /run || true`);
    expect(places).toBe('/etc/jitsi/videobridge/jvb.conf\n');
    expect(await run(`stat -c '%U:%G %a' ${places.trim()}`)).toBe('jvb:jitsi 640\n');
  });

  test('a drain is reversible; a graceful shutdown is not', async () => {
    await run('systemctl restart jitsi-videobridge2');
    await eventually(async () => JSON.stringify(await ask('status')).includes('"healthy":true'));
    const open = { gracefulShutdown: false, draining: false };
    expect(await ask('drain')).toEqual({ ...healthy, ...open, action: 'drain', draining: true });
    expect(await ask('undrain')).toEqual({ ...healthy, ...open, action: 'undrain' });
    expect(await ask('shutdown')).toMatchObject({ ok: true, gracefulShutdown: true });
    const { stdout, exitCode } = await world.run(
      bridge.instanceId,
      '/opt/jitsi-bridges/bridge.sh undrain',
    );
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, error: 'irreversible' });
    expect(await ask('recycle')).toEqual({ ...healthy, ...open, action: 'recycle' });
  });

  test('a login that was lost is fetched anew by its watchdog', async () => {
    await run(
      `sed -i 's/PASSWORD = .*/PASSWORD = "wrong"/' /etc/jitsi/videobridge/jvb.conf
       systemctl stop jitsi-bridges-watchdog; systemctl restart jitsi-videobridge2`,
    );
    const said = await run(
      `BRIDGES_WATCH_SECONDS=1 timeout 60 /opt/jitsi-bridges/watchdog.sh >/tmp/said & watchdog=$!
       until grep restarted: /tmp/said || ! kill -0 $watchdog; do sleep 0.5; done
       kill $watchdog`,
    );
    expect(said).toContain('"ok":true,"action":"renew"');
    await eventually(async () => {
      const stats = await run('curl -sf http://127.0.0.1:8080/colibri/stats');
      return (JSON.parse(stats) as { mucs_joined: number }).mucs_joined === 1;
    });
  });
});
