import { parseRegistrarEnv } from '../../../lambdas/registrar/env';
import { origin } from '../traces';

test('reads the names of the contract', () => {
  expect(
    parseRegistrarEnv({
      FLEET: 'blue',
      ORIGIN: JSON.stringify(origin),
      SERVER_INSTANCE_ID: 'i-0a0a0a0a0a0a0a0a0',
      SYNC_DOCUMENT: 'doc',
      PATH: '/bin',
    }),
  ).toEqual({
    fleet: 'blue',
    origin,
    serverInstanceId: 'i-0a0a0a0a0a0a0a0a0',
    syncDocument: 'doc',
  });
});

test('names every variable at fault', () => {
  const parse = () => parseRegistrarEnv({ FLEET: 'blue', SERVER_INSTANCE_ID: 'server-a' });
  expect(parse).toThrow('SERVER_INSTANCE_ID');
  expect(parse).toThrow('SYNC_DOCUMENT');
  expect(parse).toThrow('ORIGIN');
});
