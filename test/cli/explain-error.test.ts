import { explainError } from '../../cli/explain-error';

test.each([
  ['Region is missing', /AWS_REGION/],
  ['Could not load credentials from any providers', /AWS_PROFILE/],
])('"%s" of the SDK is told with the way out', (message, way) => {
  expect(explainError(new Error(message))).toMatch(way);
});

test('any other error is told as it is', () => {
  expect(explainError(new Error('no fleet is deployed'))).toBe('no fleet is deployed');
  expect(explainError('text')).toBe('text');
});
