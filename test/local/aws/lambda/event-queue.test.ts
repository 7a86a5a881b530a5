import { EventQueue } from '../../../../local/aws/lambda/event-queue';
import type { DeliverySettings } from '../../../../local/aws/lambda/delivery-settings';
import type { InvokeOutcome } from '../../../../local/aws/lambda/invoker';
import { ManualClock } from '../manual-clock';

const succeeded: InvokeOutcome = {
  kind: 'succeeded',
  executedVersion: '$LATEST',
  response: '{"done":true}',
};
const throttled: InvokeOutcome = { kind: 'notStarted' };
const failed: InvokeOutcome = {
  kind: 'failed',
  executedVersion: '$LATEST',
  functionError: 'Unhandled',
  response: '{"errorMessage":"broken"}',
};
const destination = 'arn:aws:sqs:us-east-1:123456789012:lost';
const defaults: DeliverySettings = { maximumEventAgeSeconds: 6 * 3600, maximumRetryAttempts: 2 };

/** A queue whose function does what it is told, the last thing for ever. */
function queueFor(
  outcomes: readonly InvokeOutcome[],
  settings: Partial<DeliverySettings> = {},
  mayReport = true,
) {
  const clock = new ManualClock();
  const begin = clock.now().getTime();
  const triedAt: number[] = [];
  const sent: { readonly to: string; readonly record: unknown }[] = [];
  const invoked: { readonly name: string; readonly payload: unknown }[] = [];
  const queue = new EventQueue({
    clock,
    ids: { uuid: () => 'request-1', resource: (prefix) => `${prefix}-1` },
    accountId: '123456789012',
    region: 'us-east-1',
    settingsOf: ({ name }) =>
      Promise.resolve(
        name === 'scaler' ? defaults : { ...defaults, onFailure: destination, ...settings },
      ),
    invoke: (target, payload) => {
      triedAt.push((clock.now().getTime() - begin) / 1000);
      invoked.push({ name: target.name, payload: JSON.parse(payload) });
      return Promise.resolve(outcomes[Math.min(triedAt.length, outcomes.length) - 1] ?? succeeded);
    },
    mayReport: () => Promise.resolve(mayReport),
    sendToQueue: (to, message) => {
      sent.push({ to, record: JSON.parse(message) });
      return Promise.resolve();
    },
  });
  return { queue, clock, triedAt, sent, invoked };
}

it('delivers an event once when the function succeeds', async () => {
  const { queue, clock, triedAt, sent } = queueFor([succeeded]);
  expect(queue.add({ name: 'tick' }, '{}')).toBe('request-1');
  await clock.advance(24 * 3600);
  expect(triedAt).toEqual([0]);
  expect(sent).toEqual([]);
});

it('tries a throttled event again after growing pauses', async () => {
  const { queue, clock, triedAt } = queueFor([throttled, throttled, throttled, succeeded]);
  queue.add({ name: 'tick' }, '{}');
  await clock.advance(3600);
  expect(triedAt).toEqual([0, 0.5, 1.5, 3.5]);
});

it('pauses five minutes at most', async () => {
  const { queue, clock, triedAt } = queueFor([throttled]);
  queue.add({ name: 'tick' }, '{}');
  await clock.advance(3600);
  const pauses = triedAt.slice(1).map((time, index) => time - (triedAt[index] ?? 0));
  expect(Math.max(...pauses)).toBe(300);
  expect(pauses.at(-1)).toBe(300);
});

it('gives a throttled event up when it is too old, as one that never ran', async () => {
  const { queue, clock, triedAt, sent } = queueFor([throttled], { maximumEventAgeSeconds: 60 });
  queue.add({ name: 'tick' }, '{"trigger":"schedule"}');
  await clock.advance(59);
  expect(sent).toEqual([]);
  await clock.advance(2);
  expect(triedAt.at(-1)).toBeLessThan(60);
  expect(sent).toEqual([
    {
      to: destination,
      record: {
        version: '1.0',
        timestamp: '2030-01-01T00:01:00.000Z',
        requestContext: {
          requestId: 'request-1',
          functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:tick:$LATEST',
          condition: 'EventAgeExceeded',
          approximateInvokeCount: 0,
        },
        requestPayload: { trigger: 'schedule' },
      },
    },
  ]);
});

it('runs a failing function two more times, after a minute and two, then sends the record', async () => {
  const { queue, clock, triedAt, sent } = queueFor([failed]);
  queue.add({ name: 'tick', qualifier: 'live' }, '{}');
  await clock.advance(3600);
  expect(triedAt).toEqual([0, 60, 180]);
  expect(sent).toMatchObject([
    {
      record: {
        requestContext: {
          functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:tick:live',
          condition: 'RetriesExhausted',
          approximateInvokeCount: 3,
        },
        responseContext: {
          statusCode: 200,
          executedVersion: '$LATEST',
          functionError: 'Unhandled',
        },
        responsePayload: { errorMessage: 'broken' },
      },
    },
  ]);
});

it('does not run a failing function again where the function asks for no retries', async () => {
  const { queue, clock, triedAt, sent } = queueFor([failed], { maximumRetryAttempts: 0 });
  queue.add({ name: 'tick' }, '{}');
  await clock.advance(3600);
  expect(triedAt).toEqual([0]);
  expect(sent).toHaveLength(1);
});

it('does not count throttling as an attempt', async () => {
  const { queue, clock, triedAt, sent } = queueFor([throttled, failed, throttled, succeeded], {
    maximumRetryAttempts: 1,
  });
  queue.add({ name: 'tick' }, '{}');
  await clock.advance(3600);
  expect(triedAt).toEqual([0, 0.5, 60.5, 61]);
  expect(sent).toEqual([]);
});

it('does not retry a failed event past its age', async () => {
  const { queue, clock, triedAt, sent } = queueFor([failed], { maximumEventAgeSeconds: 90 });
  queue.add({ name: 'tick' }, '{}');
  await clock.advance(3600);
  expect(triedAt).toEqual([0, 60]);
  expect(sent).toMatchObject([
    { record: { requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 2 } } },
  ]);
});

const scaler = 'arn:aws:lambda:us-east-1:123456789012:function:scaler';

it('invokes the function that is the on-success destination, with the record of the success', async () => {
  const throttledThenDone = [throttled, succeeded];
  const { queue, clock, invoked, sent } = queueFor(throttledThenDone, { onSuccess: scaler });
  queue.add({ name: 'collector' }, '{"trigger":"schedule"}');
  await clock.advance(60);
  expect(sent).toEqual([]);
  expect(invoked.slice(2)).toEqual([
    {
      name: 'scaler',
      payload: {
        version: '1.0',
        timestamp: '2030-01-01T00:00:00.500Z',
        requestContext: {
          requestId: 'request-1',
          functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:collector:$LATEST',
          condition: 'Success',
          approximateInvokeCount: 1,
        },
        requestPayload: { trigger: 'schedule' },
        responseContext: { statusCode: 200, executedVersion: '$LATEST' },
        responsePayload: { done: true },
      },
    },
  ]);
});

it('invokes no destination that the role of the function does not allow', async () => {
  const { queue, clock, invoked } = queueFor([succeeded], { onSuccess: scaler }, false);
  queue.add({ name: 'collector' }, '{}');
  await clock.advance(60);
  expect(invoked.map(({ name }) => name)).toEqual(['collector']);
});

it('delivers nothing more after it was stopped', async () => {
  const { queue, clock, triedAt, sent } = queueFor([throttled], { maximumEventAgeSeconds: 60 });
  queue.add({ name: 'tick' }, '{}');
  await clock.advance(1);
  queue.stop();
  await clock.advance(3600);
  expect(triedAt).toEqual([0, 0.5]);
  expect(sent).toEqual([]);
});

it('drops an event whose function is gone, and says so', async () => {
  const told = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const { queue, clock, triedAt, sent } = queueFor([{ kind: 'refused', reason: 'not found' }]);
  queue.add({ name: 'tick' }, '{}');
  await clock.advance(3600);
  expect(triedAt).toEqual([0]);
  expect(sent).toEqual([]);
  expect(told).toHaveBeenCalledWith('gateway: event for tick: Error: not found');
  told.mockRestore();
});
