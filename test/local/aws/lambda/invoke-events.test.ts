import { EventQueue } from '../../../../local/aws/lambda/event-queue';
import { invokeEvents } from '../../../../local/aws/lambda/invoke-events';
import { randomIds } from '../../../../local/aws/ids';
import type { AwsRequest, RawRequest } from '../../../../local/aws/protocol/request';
import { ManualClock } from '../manual-clock';

/** An interceptor in front of an emulator that has the function `tick` only. */
function gate() {
  const delivered: unknown[] = [];
  const sent: RawRequest[] = [];
  const queue = new EventQueue({
    clock: new ManualClock(),
    ids: randomIds,
    accountId: '123456789012',
    region: 'us-east-1',
    settingsOf: () => Promise.resolve({ maximumEventAgeSeconds: 60, maximumRetryAttempts: 0 }),
    invoke: (target, payload) => {
      delivered.push({ ...target, payload });
      return Promise.resolve({ kind: 'succeeded', executedVersion: '$LATEST', response: 'null' });
    },
    sendToQueue: () => Promise.resolve(),
  });
  const invoke = async (type: string, name: string, body = '{}', query = '') => {
    const path = `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
    const headers = { 'x-amz-invocation-type': type };
    const raw = { method: 'POST', url: path + query, headers, body: Buffer.from(body) };
    const request: AwsRequest = {
      service: 'lambda',
      region: 'us-east-1',
      accessKeyId: 'test',
      action: `POST ${path}`,
      protocol: 'rest',
      input: {},
      raw,
    };
    const response = await invokeEvents(queue)(request, (passed) => {
      sent.push(passed);
      const status = passed.url.includes('tick') ? 204 : 404;
      return Promise.resolve({ status, headers: {}, body: '' });
    });
    await queue.settled();
    return response;
  };
  return { invoke, delivered, sent };
}

it('accepts an event with 202 and delivers it', async () => {
  const { invoke, delivered } = gate();
  const response = await invoke('Event', 'tick', '{"a":1}', '?Qualifier=live');
  expect(response).toMatchObject({ status: 202, body: '' });
  expect(delivered).toEqual([{ name: 'tick', qualifier: 'live', payload: '{"a":1}' }]);
});

it('delivers an empty object where there is no payload, to a function named by its ARN', async () => {
  const { invoke, delivered } = gate();
  await invoke('Event', 'arn:aws:lambda:us-east-1:123456789012:function:tick', '');
  expect(delivered).toEqual([{ name: 'tick', payload: '{}' }]);
});

it('leaves synchronous invocations alone', async () => {
  const { invoke, delivered, sent } = gate();
  expect(await invoke('RequestResponse', 'tick')).toBeUndefined();
  expect([...delivered, ...sent]).toEqual([]);
});

it("gives the emulator's answer for a function that does not exist", async () => {
  const { invoke, delivered, sent } = gate();
  expect(await invoke('Event', 'gone')).toMatchObject({ status: 404 });
  expect(sent[0]?.headers['x-amz-invocation-type']).toBe('DryRun');
  expect(delivered).toEqual([]);
});

it.each(['Event', 'RequestResponse'])('refuses a payload that is not JSON: %s', async (type) => {
  const { invoke, delivered, sent } = gate();
  await expect(invoke(type, 'tick', '{')).rejects.toMatchObject({
    code: 'InvalidRequestContentException',
  });
  expect([...delivered, ...sent]).toEqual([]);
});
