import { environment } from '../../../../lambdas/core/protocol/environment';
import { policySchema } from '../../../../lambdas/core/model/policy';
import { mostSchedules, type Schedule } from '../../../../lambdas/core/schedules/schedule';
import { scheduleOf } from './schedules-under-test';

/** `path: message` of everything that is wrong with a policy of min 2, max 10. */
function faultsOf(...schedules: readonly unknown[]): readonly string[] {
  const parsed = policySchema.safeParse({ min: 2, max: 10, schedules });
  return (parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

const good = scheduleOf();

test.each<[name: string, changes: Partial<Record<keyof Schedule, unknown>>, fault: string]>([
  ['a name with capitals', { name: 'Office' }, '0.name: must be 1 to 32 lowercase letters'],
  ['a day that is none', { days: ['monday'] }, '0.days.0: must be one of mon, tue'],
  ['no day at all', { days: [] }, '0.days: must have at least one day; remove the key'],
  ['an hour that is none', { from: '24:00' }, '0.from: must be a time, for example 08:45'],
  ['a time without its zero', { from: '9:00' }, '0.from: must be a time, for example 08:45'],
  ['a time that YAML made a number of', { from: 900 }, '0.from: must be a time, for example 08:45'],
  ['a time after midnight', { to: '24:15' }, '0.to: must be a time up to 24:00, for example 18:00'],
  ['a zone that is none', { zone: 'Europe/Berln' }, '0.zone: must be UTC or a time zone'],
  ['an abbreviation', { zone: 'CET' }, '0.zone: must be UTC or a time zone'],
  [
    'a day on one side only',
    { from: 'fri 18:00', days: undefined },
    '0.to: name a day in both from and to',
  ],
  ['days twice', { from: 'fri 18:00', to: 'mon 06:00' }, '0.days: remove it'],
  ['no length', { to: '09:00' }, '0.to: is the same as from; a whole day is from 00:00 to 24:00'],
  ['nothing that it sets', { hold: undefined }, '0.min: set at least one of min, max and hold'],
  ['more than its own max', { min: 5, max: 4, hold: 1 }, '0.min: 5 is more than max 4'],
  ['more than the max of the policy', { hold: 11 }, '0.hold: 11 is more than policy.max 10; lower'],
  ['a max below min', { max: 1, hold: 1 }, '0.max: 1 is less than policy.min 2; raise it'],
])('rejected: %s', (_name, changes, fault) => {
  expect(faultsOf({ ...good, ...changes })).toEqual([
    expect.stringContaining(`schedules.${fault}`),
  ]);
});

test.each<[name: string, first: Partial<Schedule>, second: Partial<Schedule>, fault: string]>([
  ['two of a name', {}, { name: 'office', hold: 2 }, '1.name: office is used twice'],
  [
    'more than a window of the same time allows',
    {},
    { max: 4, hold: 1 },
    '0.hold: 8 is more than max 4 of other, which is open at the same time',
  ],
  [
    "one that comes over the week's end",
    { days: undefined, from: 'sun 20:00', to: 'mon 06:00', min: 3, hold: undefined },
    { days: ['mon'], from: '05:00', to: '07:00', max: 2, min: 1, hold: undefined },
    '0.min: 3 is more than max 2 of other',
  ],
  [
    'only for its times, when these are wrong: what is open together is not known then',
    {},
    { from: '09:00', to: '09:00', max: 4, hold: 1 },
    '1.to: is the same as from',
  ],
])('rejected together: %s', (_name, first, second, fault) => {
  const other = { ...good, name: 'other', ...second };
  expect(faultsOf({ ...good, ...first }, other)).toEqual([
    expect.stringContaining(`schedules.${fault}`),
  ]);
});

test.each<[name: string, first: Partial<Schedule>, second: Partial<Schedule>]>([
  ['windows that only touch', {}, { from: '18:00', to: '20:00', max: 4, hold: 1 }],
  ['the same time on other days', {}, { days: ['sat'], max: 4, hold: 1 }],
  ['zones of which it cannot be told for good', {}, { zone: 'UTC', max: 4, hold: 1 }],
  ['more than the policy allows, where the schedule allows it', { max: 20, hold: 20 }, {}],
  [
    'fewer than min, where the schedule allows it',
    { min: 0, max: 1, hold: undefined },
    { hold: 1 },
  ],
])('accepted: %s', (_name, first, second) => {
  expect(faultsOf({ ...good, ...first }, { ...good, name: 'other', ...second })).toEqual([]);
});

test('as many as fit into the environment of the function, and no more', () => {
  const longest = (index: number): Schedule => ({
    name: `a-very-long-name-of-a-schedule-${index % 10}`,
    from: '08:45',
    to: '18:00',
    days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
    zone: 'America/Argentina/ComodRivadavia',
    min: 1,
    max: 10,
    hold: 10,
  });
  const schedules = Array.from({ length: mostSchedules }, (_, index) => longest(index));
  const policy = policySchema.parse({ min: 1, max: 10, schedules });
  // Lambda's limit is 4096 bytes for all; the other variables of the scaler need less than a
  // kilobyte.
  expect(JSON.stringify({ [environment.policy]: JSON.stringify(policy) }).length).toBeLessThan(
    3072,
  );
  expect(faultsOf(...schedules, { ...longest(0), name: 'one-more' })).toEqual([
    expect.stringMatching(/^schedules: must be 10 schedules or fewer, since Lambda limits/),
  ]);
});

test('what is parsed can be parsed again: it travels through the environment of the function', () => {
  const policy = policySchema.parse({ min: 1, max: 10, schedules: [good] });
  expect(policySchema.parse(JSON.parse(JSON.stringify(policy)))).toEqual(policy);
});
