import { createController } from '../../../../sim/arena/rivals/target-tracking';
import {
  activeOf,
  bootingOf,
  fleetOf,
  optionsOf,
  start,
  ticks,
} from '../../controllers/observations';

const tracking = (target: number) => createController(optionsOf({ target }));

test('the third minute above the target sets desired to warm × metric ÷ target', () => {
  expect(ticks(tracking(0.5), fleetOf(4, 0.7), 180)).toEqual([[120, { kind: 'launch', count: 2 }]]);
});

test('between 0.9 × target and target nothing happens', () => {
  expect(ticks(tracking(0.5), fleetOf(4, 0.46), 3600)).toEqual([]);
});

test('the fifteenth minute below removes the floor of what is too much', () => {
  // 10 × (1 − 0.34 ÷ 0.5) = 3.2.
  const seen = ticks(tracking(0.5), fleetOf(10, 0.34), 900);
  expect(seen.map(([second, { kind }]) => [second, kind])).toEqual([
    [840, 'drain'],
    [840, 'drain'],
    [840, 'drain'],
  ]);
});

test('bridges that warm up count for the size but not for the metric', () => {
  const young = { ...activeOf(9, 0), launchedAt: start - 10 };
  // Four warm ones want ⌈4 × 0.7 ÷ 0.5⌉ = 6; there are five.
  expect(ticks(tracking(0.5), [...fleetOf(4, 0.7), young], 180)).toEqual([
    [120, { kind: 'launch', count: 1 }],
  ]);
});

test('nothing is removed while a bridge boots', () => {
  expect(ticks(tracking(0.5), [...fleetOf(4, 0.1), bootingOf(9)], 1800)).toEqual([]);
});

describe('predictive scaling', () => {
  const hour = 3600;
  const week = 7 * 86_400;
  /** A load of 4 bridges in the coming hour one week ago, 6 two weeks ago, nothing else. */
  const history = [2, 1].flatMap((weeks) =>
    Array.from({ length: 12 }, (_, index) => ({
      at: start + hour - weeks * week + index * 300,
      load: 2 * weeks + 2,
    })),
  );
  const controller = () => createController(optionsOf({ target: 0.5, predictive: 1 }));

  test('raises to the mean of the hour, 5 min before it begins', () => {
    // (4 + 6) ÷ 2 ÷ 0.5 = 10.
    const [first] = ticks(controller(), fleetOf(4, 0.48), 2 * hour, history);
    expect(first).toEqual([3300, { kind: 'launch', count: 6 }]);
  });
  test('keeps target tracking from removing below it', () => {
    const seen = ticks(controller(), fleetOf(12, 0.05), hour + 1200, history);
    const drainsInHour = seen.filter(([second]) => second >= 3300);
    expect(drainsInHour.length).toBeGreaterThan(0);
    expect(drainsInHour.every(([, { kind }]) => kind === 'drain')).toBe(true);
    const perTick = drainsInHour.filter(([second]) => second === drainsInHour[0]?.[0]);
    expect(perTick).toHaveLength(2);
  });
  test('without history it is target tracking', () => {
    expect(ticks(controller(), fleetOf(4, 0.48), 2 * hour)).toEqual([]);
  });
});
