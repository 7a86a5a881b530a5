import { bootstrap, quantile } from '../../../sim/results/statistics';

test.each([
  ['of nothing', [], 0.95, 0],
  ['of one value', [7], 0.95, 7],
  ['of one half', [1, 2, 3], 0.5, 2],
  ['between two values', [0, 10], 0.95, 9.5],
])('quantile %s', (_, values, share, expected) => {
  expect(quantile(values, share)).toBeCloseTo(expected, 9);
});

test('the bootstrap interval holds the mean and is the same each time', () => {
  const values = [1.1, 1.3, 1.2, 1.25, 1.15];
  const estimate = bootstrap(values);
  expect(estimate.mean).toBeCloseTo(1.2, 9);
  expect(estimate.low).toBeGreaterThan(1.1);
  expect(estimate.low).toBeLessThan(1.2);
  expect(estimate.high).toBeGreaterThan(1.2);
  expect(estimate.high).toBeLessThan(1.3);
  expect(bootstrap(values)).toEqual(estimate);
});

test('values that do not differ have an interval without width', () => {
  expect(bootstrap([2, 2, 2])).toEqual({ mean: 2, low: 2, high: 2 });
});
