import fc from 'fast-check';
import { instantOf, isTimeZone, zoneOffset } from '../../../../lambdas/core/schedules/time-zone';
import { at } from './schedules-under-test';

describe('which names are time zones', () => {
  test.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata'])(
    '%s is one',
    (zone) => expect(isTimeZone(zone)).toBe(true),
  );
  test.each(['', 'Berlin', 'CET', 'EST', 'Europe/Berln', '+01:00', 'utc', 'Europe/Berlin '])(
    '%p is none',
    (zone) => expect(isTimeZone(zone)).toBe(false),
  );
});

test.each([
  ['Europe/Berlin', '2026-01-01T12:00:00Z', 1],
  ['Europe/Berlin', '2026-07-01T12:00:00Z', 2],
  ['Europe/Berlin', '2026-03-29T00:59:59Z', 1],
  ['Europe/Berlin', '2026-03-29T01:00:00Z', 2],
  ['Asia/Kolkata', '2026-01-01T00:00:00Z', 5.5],
  ['America/New_York', '2026-01-01T00:00:00Z', -5],
  ['Pacific/Kiritimati', '2026-01-01T00:00:00Z', 14],
  ['UTC', '1969-12-31T23:59:59Z', 0],
])('clocks of %s at %s are %d h ahead', (zone, time, hours) => {
  expect(zoneOffset(zone, at(time))).toBe(hours * 3600);
});

const rows: readonly [name: string, zone: string, local: string, earlier: string, later: string][] =
  [
    ['winter', 'Europe/Berlin', '2026-01-05T09:00', '2026-01-05T08:00', '2026-01-05T08:00'],
    ['summer', 'Europe/Berlin', '2026-07-06T09:00', '2026-07-06T07:00', '2026-07-06T07:00'],
    [
      'the hour that is missing',
      'Europe/Berlin',
      '2026-03-29T02:30',
      '2026-03-29T00:30',
      '2026-03-29T01:30',
    ],
    [
      'the end of the missing hour',
      'Europe/Berlin',
      '2026-03-29T03:00',
      '2026-03-29T01:00',
      '2026-03-29T01:00',
    ],
    [
      'the hour that comes twice',
      'Europe/Berlin',
      '2026-10-25T02:30',
      '2026-10-25T00:30',
      '2026-10-25T01:30',
    ],
    [
      'a change of half an hour',
      'Australia/Lord_Howe',
      '2026-04-05T01:45',
      '2026-04-04T14:45',
      '2026-04-04T15:15',
    ],
    [
      'a change at midnight',
      'Africa/Cairo',
      '2026-04-24T00:30',
      '2026-04-23T21:30',
      '2026-04-23T22:30',
    ],
    [
      'west of Greenwich',
      'America/New_York',
      '2026-11-02T09:00',
      '2026-11-02T14:00',
      '2026-11-02T14:00',
    ],
  ];

test.each(rows)('local time to UTC: %s', (_name, zone, local, earlier, later) => {
  const asUtc = at(`${local}Z`);
  expect(instantOf(zone, asUtc, 'earlier')).toBe(at(`${earlier}Z`));
  expect(instantOf(zone, asUtc, 'later')).toBe(at(`${later}Z`));
});

test('there and back: a local time that clocks show is found again', () => {
  const zones = ['Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Chatham', 'UTC'];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: at('1990-01-01T00:00Z'), max: at('2035-01-01T00:00Z') }),
      (zone, time) => {
        const local = time + zoneOffset(zone, time);
        expect([instantOf(zone, local, 'earlier'), instantOf(zone, local, 'later')]).toContain(
          time,
        );
      },
    ),
    { numRuns: 500 },
  );
});
