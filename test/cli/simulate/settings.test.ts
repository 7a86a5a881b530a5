import { parseSetting, withSettings } from '../../../cli/simulate/settings';

test.each([
  ['a number', 'policy.targetStress=0.7', 0.7],
  ['a word', 'policy.forecast=shadow', 'shadow'],
  ['on, which is a word in YAML 1.2', 'policy.forecast=on', 'on'],
  ['an equals sign in the value', 'policy.note="a=b"', 'a=b'],
])('reads %s', (_, text, value) => {
  expect(parseSetting(text).value).toBe(value);
});

test.each(['policy', 'policy.min', 'policy.min=', '=3', 'policy..min=3', 'policy.min=[1'])(
  'refuses %s',
  (text) => {
    expect(() => parseSetting(text)).toThrow(`--set ${text}`);
  },
);

test('changes what is set and leaves the rest', () => {
  const config = { fleet: 'main', policy: { min: 1, max: 10 } };
  const settings = ['policy.min=3', 'policy.targetStress=0.6'].map(parseSetting);
  expect(withSettings(config, settings)).toEqual({
    fleet: 'main',
    policy: { min: 3, max: 10, targetStress: 0.6 },
  });
  expect(config.policy).toEqual({ min: 1, max: 10 });
});
