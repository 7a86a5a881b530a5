import { forecastOf } from '../../../../lambdas/core/forecast/forecast';
import type { LoadSample } from '../../../../lambdas/core/model/snapshot';
import { historyOf, mondayAt, officeDay, week } from '../load-histories';

const ten = mondayAt(10);
const two = historyOf(ten, 2 * week);

/** What is expected at a time, with the usual load now. */
function expectedAt(history: readonly LoadSample[], now: number, at: number, load: number): number {
  return forecastOf(history, now)?.expected(at, { at: now, load }) ?? NaN;
}

test('no history, no forecast; neither with less than three hours of it', () => {
  expect(forecastOf([], ten)).toBeUndefined();
  expect(forecastOf(historyOf(ten, 2.5 * 3600), ten)).toBeUndefined();
  expect(forecastOf(historyOf(ten, 3.5 * 3600), ten)).toBeDefined();
});

test('a week like the last ones is forecast as they were, and trusted', () => {
  const forecast = forecastOf(two, mondayAt(8));
  expect(forecast?.usual(ten)).toBeCloseTo(officeDay(ten), 1);
  expect(forecast?.confidence).toBe(1);
});

test('the same array gives the same forecast, another time of it a new one', () => {
  expect(forecastOf(two, ten)).toBe(forecastOf(two, ten + 60));
  expect(forecastOf(two, ten)).not.toBe(forecastOf(two, ten + 300));
});

describe('what is unusual now', () => {
  const now = mondayAt(8);
  const usual = officeDay(now);
  const rise = officeDay(ten) - usual;

  test('more than usual stays, in bridges', () => {
    const expected = expectedAt(two, now, now + 300, usual + 1);
    expect(expected).toBeGreaterThan(usual + 0.9);
    expect(expected).toBeLessThan(usual + 1.5);
  });

  test('a holiday grows in proportion: bounded by what happens now', () => {
    const expected = expectedAt(two, now, ten, 0.1);
    expect(expected).toBeLessThan(0.4 * (usual + rise));
  });

  test('more load now never means less load expected', () => {
    const loads = Array.from({ length: 200 }, (_, index) => index / 10);
    const expected = loads.map((load) => expectedAt(two, now, now + 1800, load));
    expect(expected).toEqual([...expected].sort((a, b) => a - b));
  });
});

test.each<readonly [string, (load: number, at: number) => number]>([
  ['one odd week of three', (load, at) => (at < ten - 2.5 * week ? 3 * load : load)],
  ['a public holiday a week ago', (load, at) => (isDay(at, ten - week) ? 0.1 * load : load)],
  ['a spike a week ago', (load, at) => (Math.abs(at - ten + week) < 600 ? load + 50 : load)],
])('%s does not move the forecast far', (_name, change) => {
  const history = historyOf(mondayAt(8), 3 * week).map(({ at, load }) => ({
    at,
    load: change(load, at),
  }));
  const usual = forecastOf(history, mondayAt(8))?.usual(ten) ?? NaN;
  expect(usual).toBeGreaterThan(0.9 * officeDay(ten));
  expect(usual).toBeLessThan(1.2 * officeDay(ten));
});

function isDay(at: number, day: number): boolean {
  return Math.floor(at / 86_400) === Math.floor(day / 86_400);
}

test('a fleet that doubled is forecast doubled after a day', () => {
  const tuesday = ten + 86_400;
  const history = historyOf(tuesday, 2 * week).map(({ at, load }) => ({
    at,
    load: at > tuesday - 86_400 ? 2 * load : load,
  }));
  const usual = forecastOf(history, tuesday)?.usual(tuesday) ?? NaN;
  expect(usual).toBeGreaterThan(1.6 * officeDay(tuesday));
});

test('clocks moved by an hour are followed within hours', () => {
  const now = mondayAt(12);
  const history = historyOf(now, 2 * week).map(({ at }) => ({
    at,
    load: officeDay(at > now - 86_400 ? at + 3600 : at),
  }));
  expect(forecastOf(history, now)?.usual(now + 1800)).toBeCloseTo(officeDay(now + 5400), 0);
});

test('with days only, a working day is forecast by working days', () => {
  const sunday = mondayAt(10) + 6 * 86_400;
  const monday = sunday + 86_400;
  const forecast = forecastOf(historyOf(monday - 7200, 6 * 86_400), monday - 7200);
  expect(forecast?.usual(monday)).toBeCloseTo(officeDay(monday), 0);
});

test('with hours only, the hour before is what is usual, and its growth goes on', () => {
  const usual = forecastOf(historyOf(ten, 4 * 3600), ten)?.usual(ten + 150);
  expect(usual).toBeGreaterThan(officeDay(ten - 3450));
  expect(usual).toBeLessThan(1.2 * officeDay(ten + 150));
});

test('what cannot be forecast counts less', () => {
  const erratic = historyOf(ten, 2 * week).map(({ at }, index) => ({
    at,
    load: Math.sin(index * index) > 0.9 ? 13 : 0.1,
  }));
  expect(forecastOf(erratic, ten)?.confidence).toBeLessThan(0.5);
});

test.each<readonly [string, readonly LoadSample[]]>([
  ['NaN', [{ at: ten - 3600, load: NaN }]],
  ['negative', [{ at: ten - 3600, load: -5 }]],
  ['infinite', [{ at: ten - 3600, load: Infinity }]],
  ['of the future', [{ at: ten + week, load: 1000 }]],
  ['of no time', [{ at: NaN, load: 1000 }]],
  ['older than four weeks', [{ at: ten - 5 * week, load: 1000 }]],
  ['duplicates', two.slice(-100)],
  ['duplicates with less load', two.slice(-100).map(({ at }) => ({ at, load: 0 }))],
])('samples that are %s change nothing', (_name, bad) => {
  const spoiled = forecastOf([...bad, ...two, ...bad], ten);
  const clean = forecastOf([...two], ten);
  for (let at = ten; at < ten + 7200; at += 300) expect(spoiled?.usual(at)).toBe(clean?.usual(at));
  expect(spoiled?.confidence).toBe(clean?.confidence);
});

test('a missing stretch is bridged by other days', () => {
  const history = two.filter(({ at }) => Math.abs(at - ten + week) > 7200);
  expect(forecastOf(history, mondayAt(8))?.usual(ten)).toBeGreaterThan(0.7 * officeDay(ten));
});

test('at the edges of what is known the nearest five minutes count, beyond them nothing is usual', () => {
  const { usual } = forecastOf(two, ten) ?? { usual: () => NaN };
  const oldest = ten - 3 * 86_400 + 150;
  const newest = ten + 3 * 3600 - 150;
  expect(usual(oldest - 100)).toBe(usual(oldest));
  expect(usual(newest + 100)).toBe(usual(newest));
  expect([usual(oldest - 400), usual(newest + 400)]).toEqual([0, 0]);
  expect(Math.min(usual(oldest), usual(newest))).toBeGreaterThan(0);
});
