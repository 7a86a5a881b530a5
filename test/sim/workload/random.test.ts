import { Random } from '../../../sim/workload/random';

const draw = (count: number, next: () => number) => Array.from({ length: count }, next);
const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

test('the same seed and purpose give the same numbers, another of either does not', () => {
  const numbers = (seed: number, purpose: string) => {
    const random = new Random(seed, purpose);
    return draw(5, () => random.uniform());
  };
  expect(numbers(1, 'a')).toEqual(numbers(1, 'a'));
  expect(numbers(1, 'a')).not.toEqual(numbers(2, 'a'));
  expect(numbers(1, 'a')).not.toEqual(numbers(1, 'b'));
});

test.each([0.3, 5, 40, 500])('Poisson of mean %d has that mean and variance', (lambda) => {
  const random = new Random(7, 'poisson');
  const values = draw(20_000, () => random.poisson(lambda));
  const average = mean(values);
  const variance = mean(values.map((value) => (value - average) ** 2));
  expect(average / lambda).toBeCloseTo(1, 1);
  expect(variance / lambda).toBeCloseTo(1, 1);
  expect(values.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
});

test('lognormal has the given median and spread', () => {
  const random = new Random(3, 'lognormal');
  const values = draw(20_001, () => random.lognormal(120, 0.35)).sort((a, b) => a - b);
  expect(values[10_000]).toBeGreaterThan(117);
  expect(values[10_000]).toBeLessThan(123);
  // p95 of the boot times: 120 × e^(1.645 × 0.35) = 213 s.
  expect(values[19_000]).toBeGreaterThan(207);
  expect(values[19_000]).toBeLessThan(220);
});

test('pick follows its probabilities', () => {
  const random = new Random(5, 'pick');
  const picks = draw(10_000, () => random.pick([0.6, 0.05, 0.3, 0.05]));
  const share = (index: number) => picks.filter((pick) => pick === index).length / picks.length;
  expect(share(0)).toBeCloseTo(0.6, 1);
  expect(share(2)).toBeCloseTo(0.3, 1);
  expect(share(1) + share(3)).toBeCloseTo(0.1, 1);
});
