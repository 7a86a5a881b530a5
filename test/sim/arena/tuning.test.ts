import { frontOf } from '../../../sim/arena/plots';
import { bestOf } from '../../../sim/arena/tuning';
import { judge } from '../../../sim/arena/regression';

const point = (overloadShare: number, bridgeHours: number) => ({
  settings: { bridgeHours },
  overloadShare,
  bridgeHours,
});

test.each([
  [
    'the cheapest within the limit',
    [
      [0.0005, 900],
      [0.0009, 800],
      [0.002, 500],
    ],
    800,
  ],
  [
    'the least overloaded when none is',
    [
      [0.005, 400],
      [0.003, 500],
    ],
    500,
  ],
])('best setting: %s', (_, points, expected) => {
  const best = bestOf(
    points.map(([share = 0, hours = 0]) => point(share, hours)),
    0.001,
  );
  expect(best?.bridgeHours).toBe(expected);
});

test('the front leaves out what is worse in both', () => {
  const front = frontOf([point(0.01, 100), point(0.02, 150), point(0, 200), point(0.005, 120)]);
  expect(front.map(({ bridgeHours }) => bridgeHours)).toEqual([100, 120, 200]);
});

const committed = { forcedDisconnects: 0, overloadShare: 0.0001, bridgeHoursOverClairvoyant: 1.2 };

test.each([
  ['as committed', {}, 0],
  ['a little dearer', { bridgeHoursOverClairvoyant: 1.22 }, 0],
  ['more than 2 % dearer', { bridgeHoursOverClairvoyant: 1.23 }, 1],
  ['overloaded above the target', { overloadShare: 0.0003 }, 1],
  ['one forced disconnect', { forcedDisconnects: 1 }, 1],
  ['all at once', { forcedDisconnects: 1, overloadShare: 1, bridgeHoursOverClairvoyant: 9 }, 3],
])('the gate: %s', (_, changes, problems) => {
  expect(judge('S1', { ...committed, ...changes }, committed)).toHaveLength(problems);
});

test('the gate fails when there is nothing to compare with', () => {
  expect(judge('S1', committed, undefined)).toHaveLength(1);
});
