import { placesOn, roundTicks } from '../../../sim/chart/axis';

test.each([
  ['a few bridges', 0, 13, [0, 5, 10]],
  ['not from zero', 1240, 4300, [2000, 3000, 4000]],
  ['parts of one', 0, 0.6, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]],
  ['a range without width', 3, 3, [3]],
])('round ticks: %s', (_, from, to, expected) => {
  expect(roundTicks(from, to).map(([value]) => value)).toEqual(expected);
});

test.each<readonly [string, 'linear' | 'square-root', readonly string[]]>([
  ['evenly', 'linear', ['100', '75', '0']],
  ['with room for small values', 'square-root', ['100', '50', '0']],
])('places values %s', (_, scale, expected) => {
  const place = placesOn({ from: 0, to: 4, ticks: [], scale }, 100, 0);
  expect([0, 1, 4].map(place)).toEqual(expected);
});

test('places everything somewhere when all values are one', () => {
  expect(placesOn({ from: 7, to: 7, ticks: [] }, 10, 90)(7)).toBe('10');
});
