import { functionReference } from '../../../../local/aws/lambda/function-reference';

const arn = 'arn:aws:lambda:us-east-1:123456789012:function:tick';

it.each([
  ['a name', 'tick', { name: 'tick' }],
  ['a name with an alias', 'tick:live', { name: 'tick', qualifier: 'live' }],
  ['a partial ARN', '123456789012:function:tick', { name: 'tick' }],
  ['an ARN', arn, { name: 'tick' }],
  ['an ARN with a version', `${arn}:7`, { name: 'tick', qualifier: '7' }],
])('reads %s', (_, text, expected) => {
  expect(functionReference(text)).toEqual(expected);
});

it('takes the qualifier that is given apart', () => {
  expect(functionReference(arn, 'live')).toEqual({ name: 'tick', qualifier: 'live' });
});
