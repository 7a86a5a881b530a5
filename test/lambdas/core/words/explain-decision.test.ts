import { clockTime, factsOf } from '../../../../lambdas/core/words/explain-decision';

const numbers = { wanted: 3, booting: 0, active: 3, draining: 0, silent: 0, min: 1, max: 9 };

test.each([
  ['1970-01-01T00:00:00Z', '00:00 Thu'],
  ['2027-01-18T08:05:59Z', '08:05 Mon'],
  ['2027-01-24T23:59:00Z', '23:59 Sun'],
  ['2028-02-29T12:00:00Z', '12:00 Tue'],
])('%s is %s', (iso, text) => {
  expect(clockTime(Date.parse(iso) / 1000)).toBe(text);
});

test.each([
  ['nothing is known', {}, 'load ? needs ?, min 1, max 9'],
  ['the load is known', { load: 1.5, needed: 3 }, 'load 1.50 needs 3, min 1, max 9'],
  [
    'the coming hour needs no more',
    { load: 1.5, needed: 3, held: 3 },
    'load 1.50 needs 3, min 1, max 9',
  ],
  [
    'the coming hour needs more',
    { load: 1.5, needed: 3, held: 5 },
    'load 1.50 needs 3 (5 within the hour), min 1, max 9',
  ],
  ['only the coming hour is known', { held: 5 }, 'load ? needs ?, min 1, max 9'],
  [
    'more is forecast',
    { load: 1.5, needed: 6, forecastLoad: 3, forecastAt: 300 },
    'load 1.50, forecast 3.00 at 00:05 Thu, needs 6, min 1, max 9',
  ],
  [
    'no more is forecast than there is',
    { load: 1.5, needed: 3, forecastLoad: 1.5, forecastAt: 300 },
    'load 1.50 needs 3, min 1, max 9',
  ],
  [
    'only the forecast is known',
    { forecastLoad: 3, forecastAt: 300 },
    'load ?, forecast 3.00 at 00:05 Thu, needs ?, min 1, max 9',
  ],
  [
    'a schedule holds some',
    { load: 1.5, needed: 3, hold: 4 },
    'load 1.50 needs 3, hold 4, min 1, max 9',
  ],
])('facts when %s', (_name, known, text) => {
  expect(factsOf({ ...numbers, ...known })).toBe(text);
});
