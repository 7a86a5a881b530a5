import { nearestNames } from '../../../../lambdas/core/protocol/nearest-names';

const names = ['fleet', 'policy', 'vpcId', 'egress', 'subnetId', 'subnetIds'];

test.each([
  ['a letter missing', 'polcy', ['policy']],
  ['another case', 'VPCID', ['vpcId']],
  ['two letters swapped', 'feelt', ['fleet']],
  ['two that are near, the nearest first', 'subnetIdz', ['subnetId', 'subnetIds']],
  ['nothing like it', 'zzzzzzzz', []],
  ['nothing typed', '', []],
])('%s: %s', (_, typed, expected) => {
  expect(nearestNames(typed, names)).toEqual(expected);
});

test('nothing is near when there are no names', () => {
  expect(nearestNames('fleet', [])).toEqual([]);
});

test('never more than two', () => {
  expect(nearestNames('aa', ['ab', 'ac', 'ad'])).toEqual(['ab', 'ac']);
});

test('what is typed may be of any length', () => {
  expect(nearestNames('fleet'.repeat(1_000_000), names)).toEqual([]);
});
