import { InvokeCommand, LambdaClient, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';

import { runFunction } from '../../../../lambdas/adapters/aws/run-function';

const lambda = mockClient(LambdaClient);
const client = new LambdaClient({ region: 'us-east-1' });
beforeEach(() => lambda.reset());

function clockThatJumps() {
  let now = 0;
  return { now: () => now, sleep: (ms: number) => Promise.resolve(void (now += ms)) };
}

const busy = new TooManyRequestsException({ message: 'busy', $metadata: {} });

it('waits until a function that runs one at a time is free', async () => {
  lambda.on(InvokeCommand).rejectsOnce(busy).rejectsOnce(busy).resolves({ StatusCode: 200 });
  await runFunction(client, 'scaler', { a: 1 }, clockThatJumps());
  expect(lambda.commandCalls(InvokeCommand)).toHaveLength(3);
  expect(lambda.commandCalls(InvokeCommand)[2]?.args[0].input).toEqual({
    FunctionName: 'scaler',
    Payload: '{"a":1}',
  });
});

it('gives up when it is busy for longer than a run can take', async () => {
  lambda.on(InvokeCommand).rejects(busy);
  await expect(runFunction(client, 'scaler', {}, clockThatJumps())).rejects.toBe(busy);
});

it('throws what the function ended with', async () => {
  lambda.on(InvokeCommand).resolves({
    FunctionError: 'Unhandled',
    // The SDK's class for payloads is not exported; it is an array of bytes.
    ...({ Payload: new TextEncoder().encode('{"errorMessage":"no Server A"}') } as object),
  });
  await expect(runFunction(client, 'registrar', {}, clockThatJumps())).rejects.toThrow(
    'no Server A',
  );
});
