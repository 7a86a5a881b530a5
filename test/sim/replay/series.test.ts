import { endOfSeries, heldAt, isRecorded, seriesOf, valueAt } from '../../../sim/replay/series';

const start = 1_767_225_600;
const pointsOf = (stepSeconds: number, values: readonly number[]) =>
  values.map((value, index) => ({ at: start + index * stepSeconds, value }));

test('five-minute values stay what they are', () => {
  const series = seriesOf(pointsOf(300, [1, 5, 2]));
  expect(series).toEqual({ startAt: start, values: [1, 5, 2], gaps: [], stepSeconds: 300 });
  expect(endOfSeries(series)).toBe(start + 900);
});

test('values of a minute are averaged', () => {
  const minutes = [1, 2, 3, 4, 5, 10, 10, 10, 10, 10];
  expect(seriesOf(pointsOf(60, minutes)).values).toEqual([3, 10]);
});

test('coarse values are reached half way through their time, with straight lines between', () => {
  const { values } = seriesOf(pointsOf(1800, [6, 12]));
  expect(values).toHaveLength(12);
  // Middles are at 15 and 45 minutes; the third and fourth 5 minutes lie around the first.
  expect((values[2] ?? 0) + (values[3] ?? 0)).toBeCloseTo(12.5);
  expect(values[0]).toBe(6);
  expect(values[11]).toBe(12);
});

test('a gap is bridged and told', () => {
  const points = pointsOf(300, [1, 1, 1, 1, 9, 9]).filter((_, index) => index !== 2 && index !== 3);
  const series = seriesOf([...points, { at: start + 1800, value: 9 }]);
  expect(series.gaps).toEqual([{ from: start + 600, to: start + 1200 }]);
  expect(series.values[2]).toBeCloseTo(1 + 8 / 3);
  expect(isRecorded(series, start + 600)).toBe(false);
  expect(isRecorded(series, start + 1200)).toBe(true);
});

test('only the newest weeks count', () => {
  const points = pointsOf(3600, new Array<number>(24 * 7 * 3).fill(1));
  const series = seriesOf(points, 2);
  expect(series.values).toHaveLength(12 * 24 * 7 * 2);
});

test('outside of the recording there is no value, or the nearest one', () => {
  const series = seriesOf(pointsOf(300, [1, 2, 3]));
  expect(valueAt(series, start - 1)).toBeUndefined();
  expect([heldAt(series, start - 1), heldAt(series, start + 900)]).toEqual([1, 3]);
});

test('one value is no recording', () => {
  expect(() => seriesOf(pointsOf(300, [1]))).toThrow('fewer than two values');
});
