import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { notifyRegistrarOf, rotateSecretOf } from '../../../../lambdas/adapters/aws/registrar';

test('invokes the registrar asynchronously, as the scaler', async () => {
  const client = new LambdaClient({ region: 'us-east-1' });
  const lambda = mockClient(client);
  lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
  await notifyRegistrarOf(client, 'registrar-of-test')();
  const input = lambda.commandCalls(InvokeCommand)[0]?.args[0].input;
  expect(input).toMatchObject({ FunctionName: 'registrar-of-test', InvocationType: 'Event' });
  expect(new TextDecoder().decode(input?.Payload as Uint8Array)).toBe('{"trigger":"scaler"}');
});

test('asks for another secret of one instance and waits for the outcome', async () => {
  const client = new LambdaClient({ region: 'us-east-1' });
  const lambda = mockClient(client);
  lambda.on(InvokeCommand).resolves({ StatusCode: 200 });
  await rotateSecretOf(client, 'registrar-of-test')('i-0aaaaaaaa');
  const input = lambda.commandCalls(InvokeCommand)[0]?.args[0].input;
  expect(input).toEqual({
    FunctionName: 'registrar-of-test',
    Payload: '{"rotate":["i-0aaaaaaaa"]}',
  });
});
