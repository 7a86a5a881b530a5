import fc from 'fast-check';
import { weekdays } from '../../../../lambdas/core/schedules/schedule';
import { windowsOf } from '../../../../lambdas/core/schedules/schedule-windows';
import { zoneOffset } from '../../../../lambdas/core/schedules/time-zone';
import { at, scheduleOf } from './schedules-under-test';

/** Next window as two ISO minutes. */
function nextOf(schedule: ReturnType<typeof scheduleOf>, now: string): string {
  const [window] = windowsOf(schedule, at(now));
  const iso = (seconds = NaN) => new Date(seconds * 1000).toISOString().slice(0, 16);
  return `${iso(window?.opens)} – ${iso(window?.closes)}`;
}

const rows: readonly [
  name: string,
  changes: Parameters<typeof scheduleOf>[0],
  now: string,
  window: string,
][] = [
  ['winter time', {}, '2026-01-05T00:00Z', '2026-01-05T08:00 – 2026-01-05T17:00'],
  ['summer time', {}, '2026-07-06T00:00Z', '2026-07-06T07:00 – 2026-07-06T16:00'],
  [
    'Friday before the clocks go forward',
    {},
    '2026-03-27T00:00Z',
    '2026-03-27T08:00 – 2026-03-27T17:00',
  ],
  ['Monday after it', {}, '2026-03-28T00:00Z', '2026-03-30T07:00 – 2026-03-30T16:00'],
  [
    'Friday before the clocks go back',
    {},
    '2026-10-23T00:00Z',
    '2026-10-23T07:00 – 2026-10-23T16:00',
  ],
  ['Monday after it', {}, '2026-10-24T00:00Z', '2026-10-26T08:00 – 2026-10-26T17:00'],
  ['a window that is open', {}, '2026-01-05T09:00Z', '2026-01-05T08:00 – 2026-01-05T17:00'],
  ['it is closed at its end', {}, '2026-01-05T17:00Z', '2026-01-06T08:00 – 2026-01-06T17:00'],
  ['over the weekend to Monday', {}, '2026-01-09T17:00Z', '2026-01-12T08:00 – 2026-01-12T17:00'],
  [
    'over midnight',
    { from: '22:00', to: '06:00' },
    '2026-01-05T03:00Z',
    '2026-01-05T21:00 – 2026-01-06T05:00',
  ],
  [
    'over midnight, open since yesterday',
    { from: '22:00', to: '06:00' },
    '2026-01-10T04:00Z',
    '2026-01-09T21:00 – 2026-01-10T05:00',
  ],
  [
    "over the week's end",
    { days: ['sun'], from: '22:00', to: '06:00' },
    '2026-01-12T03:00Z',
    '2026-01-11T21:00 – 2026-01-12T05:00',
  ],
  [
    "with days of its own, over the week's end",
    { days: undefined, from: 'fri 18:00', to: 'mon 06:00' },
    '2026-01-11T12:00Z',
    '2026-01-09T17:00 – 2026-01-12T05:00',
  ],
  [
    'with the same day, over nearly a week',
    { days: undefined, from: 'wed 12:00', to: 'wed 10:00' },
    '2026-01-13T12:00Z',
    '2026-01-07T11:00 – 2026-01-14T09:00',
  ],
  [
    'days that touch are one window',
    { days: ['sat', 'sun'], from: '00:00', to: '24:00' },
    '2026-01-08T00:00Z',
    '2026-01-09T23:00 – 2026-01-11T23:00',
  ],
  [
    'every day when no day is named',
    { days: undefined },
    '2026-01-10T18:00Z',
    '2026-01-11T08:00 – 2026-01-11T17:00',
  ],
  [
    'all of it in the hour that is missing: it is not missed',
    { days: ['sun'], from: '02:15', to: '02:45' },
    '2026-03-28T23:00Z',
    '2026-03-29T00:15 – 2026-03-29T01:45',
  ],
  [
    'from the missing hour',
    { days: ['sun'], from: '02:30', to: '09:00' },
    '2026-03-28T23:00Z',
    '2026-03-29T00:30 – 2026-03-29T07:00',
  ],
  [
    'in the hour that comes twice: from the first to the second',
    { days: ['sun'], from: '02:15', to: '02:45' },
    '2026-10-24T23:00Z',
    '2026-10-25T00:15 – 2026-10-25T01:45',
  ],
  [
    'over the night of the change, 10 hours long',
    { days: ['sat'], from: '22:00', to: '07:00' },
    '2026-10-24T12:00Z',
    '2026-10-24T20:00 – 2026-10-25T06:00',
  ],
  [
    'a zone that is a day ahead of UTC',
    { days: ['mon'], from: '00:00', to: '01:00', zone: 'Pacific/Kiritimati' },
    '2026-01-04T00:00Z',
    '2026-01-04T10:00 – 2026-01-04T11:00',
  ],
  [
    'a zone that is half a day behind',
    { days: ['mon'], from: '23:00', to: '24:00', zone: 'Pacific/Pago_Pago' },
    '2026-01-05T12:00Z',
    '2026-01-06T10:00 – 2026-01-06T11:00',
  ],
];

test.each(rows)('%s', (_name, changes, now, window) => {
  expect(nextOf(scheduleOf(changes), now)).toBe(window);
});

test('a schedule that is asked again on the same day answers the same, and on another day anew', () => {
  const schedule = scheduleOf();
  const monday = windowsOf(schedule, at('2026-01-05T00:00Z'))[0];
  expect(windowsOf(schedule, at('2026-01-05T10:00Z'))[0]).toBe(monday);
  expect(windowsOf(schedule, at('2026-02-02T10:00Z'))[0]?.opens).toBe(at('2026-02-02T08:00Z'));
});

test.each([NaN, Infinity, -Infinity, 9e15])('at %d, which is no time, nothing is open', (now) => {
  expect(windowsOf(scheduleOf(), now)).toEqual([]);
});

test('open exactly when the local clock is within, whatever the zone, also when clocks change', () => {
  const zones = ['Europe/Berlin', 'America/Santiago', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC'];
  const minuteOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const clock = fc
    .record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.constantFrom('00', '15', '30') })
    .map(({ hour, minute }) => `${String(hour).padStart(2, '0')}:${minute}`);
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.subarray([...weekdays], { minLength: 1 }),
      clock,
      clock,
      fc.integer({ min: at('2024-01-01T00:00Z') / 60, max: at('2030-01-01T00:00Z') / 60 }),
      (zone, days, from, to, minutes) => {
        fc.pre(from !== to);
        const now = minutes * 60;
        const local = now + zoneOffset(zone, now);
        const minute = (local / 60) % 1440;
        const day = (Math.floor(local / 86_400) + 3) % 7;
        const opensOn = (index: number) => days.includes(weekdays[(index + 7) % 7] ?? 'mon');
        const [opens, closes] = [minuteOf(from), minuteOf(to)];
        const isWithin =
          closes > opens
            ? opensOn(day) && minute >= opens && minute < closes
            : (opensOn(day) && minute >= opens) || (opensOn(day - 1) && minute < closes);
        const windows = windowsOf(scheduleOf({ zone, days, from, to }), now);
        const isOpen = windows.some(({ opens }) => opens <= now);
        const isNearChange = zoneOffset(zone, now - 14_400) !== zoneOffset(zone, now + 14_400);
        // Near a change a window may be longer than by the clock, never shorter.
        if (isNearChange) expect(isOpen || !isWithin).toBe(true);
        else expect(isOpen).toBe(isWithin);
      },
    ),
    { numRuns: 1000 },
  );
});
