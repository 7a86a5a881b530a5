import { explainDecision } from '../../../../lambdas/core/plan/explain-decision';

const known = {
  wanted: 3,
  booting: 0,
  active: 3,
  draining: 0,
  silent: 0,
  min: 1,
  max: 9,
  load: 1.5,
  needed: 3,
  scaleInFloor: 3,
};
const figures = { code: 'LoadNeeds', load: 1.5, needed: 3, min: 1, max: 9 };

test.each([
  ['the coming hour needs no more', {}, figures],
  ['the coming hour needs more', { scaleInFloor: 5 }, { ...figures, scaleInFloor: 5 }],
  [
    'more is forecast',
    { forecastLoad: 3, forecastAt: 300 },
    { ...figures, forecastLoad: 3, forecastAt: 300 },
  ],
  ['no more is forecast than there is', { forecastLoad: 1.5, forecastAt: 300 }, figures],
  ['there is no forecast', { forecastLoad: 3 }, figures],
  ['a schedule holds some', { hold: 4 }, { ...figures, hold: 4 }],
])('figures when %s', (_name, changes, reason) => {
  expect(explainDecision({ ...known, ...changes })).toEqual(reason);
});
