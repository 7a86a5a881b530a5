import { week } from '../../../sim/workload/calendar';
import { workloadOf } from '../worlds';

// 1 person from 0 to 100, 2 more from 50 to 60.
const { demand } = workloadOf([
  [1, 0, 100],
  [1, 50, 60],
  [2, 50, 60],
]);

test('joins and leaves come in order of time, leaves first', () => {
  const seen: (readonly [number, number, boolean])[] = [];
  workloadOf([
    [1, 0, 10],
    [1, 10, 20],
  ]).timeline.forEach((...change) => seen.push(change));
  expect(seen).toEqual([
    [0, 0, true],
    [10, 0, false],
    [10, 1, true],
    [20, 1, false],
  ]);
});

test.each([
  ['before anyone comes', -100, -50, 0],
  ['with one', 0, 20, 1],
  ['with three', 40, 65, 3],
  ['after all have left', 200, 300, 0],
])('knows the most participants %s', (_, from, to, expected) => {
  expect(demand.maximum(from, to)).toBe(expected);
});

test('counts participant-seconds and bridge-seconds exactly', () => {
  expect(demand.participantSeconds).toBe(120);
  // Two seats a bridge, at least one bridge: two bridges for 10 s.
  expect(demand.integrate((level) => Math.max(1, Math.ceil(level / 2)), 0, week)).toBe(week + 10);
});

test('someone who is there when the simulated time begins joins then', () => {
  const early = workloadOf([[1, -1e6, 50]]);
  const times: number[] = [];
  early.timeline.forEach((at) => times.push(at));
  expect(times).toEqual([-21_600, 50]);
});
