import { nearestName } from '../../../lib/config/nearest-name';

test.each([
  ['polcy', 'policy'],
  ['Fleet', 'fleet'],
  ['vpcID', 'vpcId'],
  ['zzzzzzzz', undefined],
])('%s → %s', (wrong, expected) => {
  expect(nearestName(wrong, ['fleet', 'policy', 'vpcId', 'egress'])).toBe(expected);
});

it('finds nothing among no names', () => {
  expect(nearestName('fleet', [])).toBeUndefined();
});
