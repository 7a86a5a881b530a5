import { InvokeCommand, LambdaClient, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';

import { FunctionBusy, FunctionFailed, invokeFunction } from '../../cli/invoke-function';

const busy = new TooManyRequestsException({ message: 'Rate Exceeded', $metadata: {} });
const answer = { Payload: Buffer.from('{"ok":true}') as never };

/** A client whose first answers are `busy`, and a clock that only pauses move. */
function functionThatIs(busyTimes: number, last: object = answer) {
  const client = new LambdaClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  let calls = 0;
  mock.on(InvokeCommand).callsFake(() => {
    calls += 1;
    if (calls <= busyTimes) throw busy;
    return last;
  });
  let now = 0;
  let told = 0;
  const invoke = () =>
    invokeFunction(
      client,
      'prod-scaler',
      { action: 'resume' },
      {
        now: () => now,
        pause: (milliseconds) => {
          now += milliseconds;
          return Promise.resolve();
        },
        onBusy: () => (told += 1),
      },
    );
  return { invoke, told: () => told, waited: () => now, calls: () => calls };
}

test('the reply is what the function answers', async () => {
  const { invoke, told } = functionThatIs(0);
  await expect(invoke()).resolves.toEqual({ ok: true });
  expect(told()).toBe(0);
});

test('a busy function is waited for, and that is said once', async () => {
  const { invoke, told } = functionThatIs(5);
  await expect(invoke()).resolves.toEqual({ ok: true });
  expect(told()).toBe(1);
});

test('one that stays busy is given up after a minute, with what to do', async () => {
  const { invoke, waited } = functionThatIs(Infinity);
  const failure = invoke();
  await expect(failure).rejects.toThrow(FunctionBusy);
  await expect(failure).rejects.toThrow(/prod-scaler .*nothing was changed\. Try again/);
  expect(waited()).toBeLessThanOrEqual(60_000);
  expect(waited()).toBeGreaterThan(55_000);
});

test.each([
  ['with its error', '{"errorType":"TypeError","errorMessage":"x"}', 'TypeError: x'],
  ['with something else', '<html>', '<html>'],
])('a function that fails is told %s', async (_name, payload, text) => {
  const { invoke } = functionThatIs(0, {
    FunctionError: 'Unhandled',
    Payload: Buffer.from(payload),
  });
  const failure = invoke();
  await expect(failure).rejects.toThrow(FunctionFailed);
  await expect(failure).rejects.toThrow(text);
});
