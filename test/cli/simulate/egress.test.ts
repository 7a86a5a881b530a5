import { egressDollars, egressOf, gigabytes } from '../../../cli/simulate/egress';

test.each([
  ['the first 100 GB are free', 100, 0],
  ['then $0.09 up to 10 TB', 1100, 90],
  ['a TB beyond 10 TB at $0.085', 10_240 + 1000, 10_140 * 0.09 + 85],
  ['all tiers', 200_000, 10_140 * 0.09 + 40_960 * 0.085 + 102_400 * 0.07 + 46_400 * 0.05],
])('egress of a month: %s', (_name, sent, dollars) => {
  expect(egressDollars(sent)).toBeCloseTo(dollars, 6);
});

test('a bridge that sends 550 Mbit/s sends 247 GB an hour', () => {
  expect(gigabytes(100, 5.5)).toBeCloseTo(247.5, 6);
});

test('a week counts as its part of a month that goes on like that', () => {
  const rate = { mbitPerParticipant: 2, source: 'as given' };
  const week = egressOf(10_000, 168, rate);
  expect(week).toMatchObject({ ...rate, gigabytes: 9000 });
  expect(week.dollars).toBeCloseTo((egressDollars((9000 * 730) / 168) * 168) / 730, 6);
});
