import { overridesInForce, parseOverrides } from '../../../../lambdas/core/model/overrides';

const problem = { code: 'OverridesUnreadable' };

test('no stored overrides are none', () => {
  expect(parseOverrides(undefined)).toEqual({ overrides: {} });
});

test('stored overrides are read, also a bound alone and the command that set the number', () => {
  const overrides = {
    scale: { to: 3, until: 100, requestId: 'r1' },
    bounds: { max: 5, until: 200 },
    pause: { until: 300 },
  };
  expect(parseOverrides(JSON.stringify(overrides))).toEqual({ overrides });
  expect(parseOverrides('{"bounds":{"min":1,"until":9},"laterKey":1}')).toEqual({
    overrides: { bounds: { min: 1, until: 9 } },
  });
});

test.each([
  ['no JSON', '{"scale"'],
  ['no object', '[]'],
  ['a number that is none', '{"scale":{"to":"many","until":1}}'],
  ['a fraction of a bridge', '{"scale":{"to":1.5,"until":1}}'],
  ['a time that no calendar has', '{"pause":{"until":1e15}}'],
])('unreadable: %s', (_name, text) => {
  expect(parseOverrides(text)).toEqual({ overrides: {}, problem });
});

test.each([
  ['scale', { scale: { to: 2, until: 100 } }],
  ['bounds', { bounds: { min: 2, until: 100 } }],
  ['pause', { pause: { until: 100 } }],
])('%s ends at its end', (_name, overrides) => {
  expect(overridesInForce(overrides, 99)).toEqual(overrides);
  expect(overridesInForce(overrides, 100)).toEqual({});
});
