/** What lib/config knows of the CDK without loading it, against the CDK itself. */
import { Aws, Fn, Token } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

import { retentionDays } from '../../../lib/config/retention-days';
import { holdsToken } from '../../../lib/config/token';

test.each([
  ['a pseudo parameter', Aws.REGION, true],
  ['a reference', Fn.importValue('vpc'), true],
  ['a reference within a text', `subnet-${Fn.ref('Subnet')}`, true],
  ['a number as text', Token.asString(Token.asNumber({ Ref: 'Count' })), true],
  ['plain text', 'vpc-0123456789abcdef0', false],
  ['what a shell would fill in', '${vpc}', false],
])('holdsToken says of %s what Token.isUnresolved says', (_, text, expected) => {
  expect(Token.isUnresolved(text)).toBe(expected);
  expect(holdsToken(text)).toBe(expected);
});

test('a log group can be kept for as long as the CDK offers', () => {
  const offered = Object.values(RetentionDays).filter((days) => typeof days === 'number');
  expect([...retentionDays]).toEqual(offered);
});
