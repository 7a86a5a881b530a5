import {
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { stateOf } from '../../../../lambdas/adapters/aws/state';

const client = new SSMClient({ region: 'us-east-1' });
const ssm = mockClient(client);
afterEach(() => ssm.reset());

const memory = '/jitsi-bridges/test/memory';

test('the first write of a fleet makes version 1', async () => {
  ssm
    .on(GetParameterCommand)
    .rejects(new ParameterNotFound({ message: 'none', $metadata: {} }))
    .on(PutParameterCommand)
    .resolves({ Version: 1 });
  const state = stateOf(client, 'test');
  expect(await state.readMemory()).toBeUndefined();
  expect(await state.writeMemory('{}')).toBe('written');
  expect(ssm.commandCalls(PutParameterCommand)[0]?.args[0].input).toEqual({
    Name: memory,
    Value: '{}',
    Type: 'String',
    Overwrite: true,
  });
});

test('each write of a tick has to be the next version after what the tick knows', async () => {
  ssm
    .on(GetParameterCommand)
    .resolves({ Parameter: { Value: 'a', Version: 7 } })
    .on(PutParameterCommand)
    .resolvesOnce({ Version: 8 })
    .resolvesOnce({ Version: 9 })
    .resolvesOnce({ Version: 11 });
  const state = stateOf(client, 'test');
  expect(await state.readMemory()).toBe('a');
  expect(await state.writeMemory('b')).toBe('written');
  expect(await state.writeMemory('c')).toBe('written');
  expect(await state.writeMemory('d')).toBe('foreign');
});

test('overrides have a parameter of their own', async () => {
  ssm
    .on(GetParameterCommand, { Name: '/jitsi-bridges/test/override' })
    .resolves({ Parameter: { Value: '{"pause":{"until":1}}', Version: 2 } })
    .on(PutParameterCommand)
    .resolves({ Version: 3 });
  const state = stateOf(client, 'test');
  expect(await state.readOverrides()).toBe('{"pause":{"until":1}}');
  await state.writeOverrides('{}');
  expect(ssm.commandCalls(PutParameterCommand)[0]?.args[0].input.Name).toBe(
    '/jitsi-bridges/test/override',
  );
});

test('errors other than a missing parameter escape', async () => {
  ssm.on(GetParameterCommand).rejects(new Error('AccessDenied'));
  await expect(stateOf(client, 'test').readMemory()).rejects.toThrow('AccessDenied');
});
