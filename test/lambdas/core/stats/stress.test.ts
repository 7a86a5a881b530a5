import fc from 'fast-check';
import { componentStress, defaultMaxPacketRate } from '../../../../lambdas/core/stats/stress';

test.each([
  ['an idle bridge', { packetsPerSecond: 0, cpuRatio: 0 }, 0],
  [
    'packets decide when they are the greater load',
    { packetsPerSecond: 25400, cpuRatio: 0.09 },
    0.5,
  ],
  ['CPU decides when it is the greater load', { packetsPerSecond: 5080, cpuRatio: 0.45 }, 0.5],
  ['an overloaded bridge is not clamped', { packetsPerSecond: 101600, cpuRatio: 0.5 }, 2],
  ['a bridge without a CPU figure counts by packets', { packetsPerSecond: 12700 }, 0.25],
])('%s', (_, load, stress) => {
  expect(componentStress(load, defaultMaxPacketRate)).toBeCloseTo(stress, 9);
});

test('more load never means less stress', () => {
  const load = fc.record({
    packetsPerSecond: fc.nat(1e6),
    cpuRatio: fc.double({ min: 0, max: 2, noNaN: true }),
  });
  fc.assert(
    fc.property(load, fc.nat(1e6), (a, more) => {
      const b = { ...a, packetsPerSecond: a.packetsPerSecond + more };
      expect(componentStress(b, 50800)).toBeGreaterThanOrEqual(componentStress(a, 50800));
    }),
  );
});
