import { parseHocon } from '../../../../local/jitsi/hocon';
import { bridgeSettings } from '../../../../local/jitsi/videobridge2/bridge-settings';

const settings = (text: string) => bridgeSettings(parseHocon(text));
const client = (more = '') => `videobridge.apis.xmpp-client.configs.shard {
  HOSTNAME = localhost, DOMAIN = "auth.meet.test", USERNAME = jvb, PASSWORD = "x"
  MUC_JIDS = "one@muc.test, two@muc.test", MUC_NICKNAME = jvb-1 ${more} }`;

test('an empty file is a bridge without accounts and with the defaults', () => {
  expect(settings('')).toMatchObject({
    clients: [],
    presenceSeconds: 5,
    rest: {
      host: '127.0.0.1',
      port: 8080,
      health: true,
      drain: true,
      statistics: false,
      shutdown: false,
    },
    hasValidAddress: false,
    startsDraining: false,
    gracefulShutdownMaxSeconds: 86_400,
    shuttingDownSeconds: 60,
    relayId: undefined,
  });
});

test('an account is read with its keys in any case', () => {
  const expected = {
    id: 'shard',
    host: 'localhost',
    port: 5222,
    domain: 'auth.meet.test',
    username: 'jvb',
    password: 'x',
    rooms: ['one@muc.test', 'two@muc.test'],
    nickname: 'jvb-1',
    verifyCertificate: true,
  };
  expect(settings(client()).clients).toEqual([expected]);
  expect(settings(client().replace('USERNAME', 'username')).clients).toEqual([expected]);
  expect(
    settings(client(', DISABLE_CERTIFICATE_VERIFICATION = true, PORT = 5223')).clients,
  ).toEqual([{ ...expected, verifyCertificate: false, port: 5223 }]);
});

test('an account without a password is passed over', () => {
  expect(settings(client().replace('PASSWORD = "x"', 'PASSWORD = ""')).clients).toEqual([]);
});

test.each([
  [
    'a public mapping',
    'static-mappings = [{ local-address = 10.0.0.1, public-address = 203.0.113.9 }]',
    true,
  ],
  [
    'a private mapping',
    'static-mappings = [{ local-address = 10.0.0.1, public-address = 172.20.0.9 }]',
    false,
  ],
  ['a STUN server', 'stun.addresses = ["stun.test:443"]', true],
  ['no STUN server', 'stun.addresses = []', false],
])('%s is an address that guests reach: %#', (_, mapping, expected) => {
  expect(settings(`ice4j.harvest.mapping { ${mapping} }`).hasValidAddress).toBe(expected);
  expect(settings('videobridge.health.require-valid-address = false').hasValidAddress).toBe(true);
});

test('the shutdown API is there only with the COLIBRI API', () => {
  const shutdown = 'videobridge.rest.shutdown.enabled = true';
  expect(settings(shutdown).rest.shutdown).toBe(false);
  expect(settings(`${shutdown}\nvideobridge.apis.rest.enabled = true`).rest.shutdown).toBe(true);
});

test.each([
  ['a wrong boolean', 'videobridge.apis.rest.enabled = maybe', 'videobridge.apis.rest.enabled'],
  ['a wrong duration', 'videobridge.stats.interval = 5 weeks', 'videobridge.stats.interval'],
  [
    'a wrong number',
    'videobridge.http-servers.private.port = x',
    'videobridge.http-servers.private.port',
  ],
])('%s is refused by its name', (_, text, path) => {
  expect(() => settings(text)).toThrow(path);
});
