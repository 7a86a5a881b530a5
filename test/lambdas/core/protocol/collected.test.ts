import { parseCollected } from '../../../../lambdas/core/protocol/collected';

const success = (responsePayload: unknown) => ({
  version: '1.0',
  requestContext: { condition: 'Success', functionArn: 'arn:aws:lambda:…', requestId: '1' },
  requestPayload: { trigger: 'schedule' },
  responsePayload,
});

test("reads what the collector published out of Lambda's record of its success", () => {
  const answer = {
    result: 'published',
    bridges: 3,
    minute: 1_800_000_000,
    heardFrom: 1_799_999_990,
  };
  expect(parseCollected(success(answer))).toEqual({
    minute: 1_800_000_000,
    heardFrom: 1_799_999_990,
  });
});

test.each<[string, unknown]>([
  ['nobody registered', { result: 'notRegisteredYet', bridges: 0 }],
  ['a minute that is no number', { result: 'published', minute: 'now', heardFrom: 1 }],
  ['a time before all times', { result: 'published', minute: 60, heardFrom: -1 }],
  ['no answer', undefined],
])('a success with %s is one with nothing new', (_name, answer) => {
  expect(parseCollected(success(answer))).toBe('nothing');
});

test.each<[string, unknown]>([
  ['the schedule', { trigger: 'schedule' }],
  ['nothing', undefined],
  ['a failure', { requestContext: { condition: 'RetriesExhausted' } }],
])('%s is no success', (_name, event) => {
  expect(parseCollected(event)).toBeUndefined();
});
