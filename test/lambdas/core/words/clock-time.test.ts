import { clockTime, localTime } from '../../../../lambdas/core/words/clock-time';

test.each([
  ['1970-01-01T00:00:00Z', '00:00 Thu'],
  ['2027-01-18T08:05:59Z', '08:05 Mon'],
  ['2027-01-24T23:59:00Z', '23:59 Sun'],
  ['2028-02-29T12:00:00Z', '12:00 Tue'],
])('%s is %s', (iso, text) => {
  expect(clockTime(Date.parse(iso) / 1000)).toBe(text);
});

test('local time names its zone', () => {
  const at = Date.parse('2027-01-18T08:05:00Z') / 1000;
  expect(localTime('Europe/Berlin', at)).toBe('09:05 Mon Europe/Berlin');
});
