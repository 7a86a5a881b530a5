import { parseCollectorEnv } from '../../../lambdas/collector/env';

const given = {
  FLEET: 'blue',
  DOMAIN: 'meet.test',
  GENERATION: 'component',
  XMPP_HOST: '10.0.0.5',
};

test('reads the names of the contract, with defaults', () => {
  expect(parseCollectorEnv(given)).toEqual({
    fleet: 'blue',
    domain: 'meet.test',
    generation: 'component',
    names: { authHost: 'auth.meet.test', brewery: 'JvbBrewery@internal.auth.meet.test' },
    xmppHost: '10.0.0.5',
    xmppPort: 5222,
    windowSeconds: 12,
    maxPacketRate: 50800,
  });
  expect(
    parseCollectorEnv({ ...given, XMPP_PORT: '5223', WINDOW_SECONDS: '3', MAX_PACKET_RATE: '9' }),
  ).toMatchObject({ xmppPort: 5223, windowSeconds: 3, maxPacketRate: 9 });
});

test('reads the brewery of generation muc', () => {
  const muc = { ...given, GENERATION: 'muc', BREWERY: 'bridges@rooms.meet.test' };
  expect(parseCollectorEnv(muc)).toMatchObject({
    generation: 'muc',
    names: { authHost: 'auth.meet.test', brewery: 'bridges@rooms.meet.test' },
  });
});

test('has no names of its own where they are found on the server', () => {
  const docker = { FLEET: 'blue', GENERATION: 'muc', XMPP_HOST: '10.0.0.5' };
  expect(parseCollectorEnv(docker)).toMatchObject({ domain: '', names: undefined });
});

test.each([
  ['FLEET', ''],
  ['DOMAIN', undefined],
  ['GENERATION', 'xmpp'],
  ['BREWERY', ''],
  ['XMPP_PORT', 'abc'],
  ['WINDOW_SECONDS', '0'],
  ['MAX_PACKET_RATE', '-1'],
])('%s at fault is named', (name, value) => {
  expect(() => parseCollectorEnv({ ...given, [name]: value })).toThrow(name);
});
