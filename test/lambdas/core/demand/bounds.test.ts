import fc from 'fast-check';
import { boundsInForce, scaleLimits, type Bounds } from '../../../../lambdas/core/demand/bounds';
import type { Policy } from '../../../../lambdas/core/model/policy';
import type { Schedule } from '../../../../lambdas/core/schedules/schedule';
import type { Overrides } from '../../../../lambdas/core/model/snapshot';
import { at, scheduleOf } from '../schedules/schedules-under-test';
import { policyOf } from '../snapshots';

const lead = 240;

interface Row {
  readonly name: string;
  readonly schedules: readonly Schedule[];
  readonly time: string;
  readonly overrides?: Overrides;
  readonly bounds: Partial<Bounds>;
}

const forever = Infinity;
const office = scheduleOf({ min: 4 });
const night = scheduleOf({
  name: 'night',
  days: undefined,
  from: '20:00',
  to: '07:00',
  min: 0,
  max: 2,
  hold: undefined,
});
const event = scheduleOf({
  name: 'event',
  days: ['mon'],
  from: '14:00',
  to: '16:00',
  min: 12,
  max: 30,
  hold: 20,
});
const cheap = scheduleOf({ name: 'cheap', from: '12:00', to: '15:00', max: 6, hold: undefined });

/** 2026-01-05 is a Monday; Berlin is an hour ahead of UTC. Policy: min 1, max 10. */
const rows: readonly Row[] = [
  {
    name: 'without schedules the policy',
    schedules: [],
    time: '2026-01-05T12:00Z',
    bounds: { min: 1, max: 10, hold: 0, soon: 1 },
  },
  {
    name: 'before a window the policy',
    schedules: [office],
    time: '2026-01-05T06:00Z',
    bounds: { min: 1, max: 10, hold: 0, soon: 1 },
  },
  {
    name: 'within the hour before it, fewer than it will ask for are not kept',
    schedules: [office],
    time: '2026-01-05T07:00Z',
    bounds: { min: 1, hold: 0, soon: 8 },
  },
  {
    name: 'min and hold count ahead by what a bridge takes to be ready',
    schedules: [office],
    time: '2026-01-05T07:56Z',
    bounds: { min: 4, hold: 8 },
  },
  {
    name: 'and no earlier',
    schedules: [office],
    time: '2026-01-05T07:55:59Z',
    bounds: { min: 1, hold: 0 },
  },
  {
    name: 'until the window closes',
    schedules: [office],
    time: '2026-01-05T16:59:59Z',
    bounds: { min: 4, hold: 8 },
  },
  {
    name: 'and no longer',
    schedules: [office],
    time: '2026-01-05T17:00Z',
    bounds: { min: 1, hold: 0, soon: 1 },
  },
  {
    name: 'a lower max begins at its time, not ahead',
    schedules: [night],
    time: '2026-01-05T18:59Z',
    bounds: { min: 1, max: 10 },
  },
  {
    name: 'a lower min and max in the window',
    schedules: [night],
    time: '2026-01-05T19:00Z',
    bounds: { min: 0, max: 2 },
  },
  {
    name: 'the policy is back ahead of the end of a window that allows less',
    schedules: [night],
    time: '2026-01-06T05:57Z',
    bounds: { min: 1, max: 10 },
  },
  {
    name: 'a higher max counts ahead with the bridges that it is for',
    schedules: [event],
    time: '2026-01-05T12:58Z',
    bounds: { min: 12, max: 30, hold: 20 },
  },
  {
    name: 'of overlapping windows the highest min, the highest hold and the lowest max',
    schedules: [office, scheduleOf({ name: 'more', min: 5, max: 9, hold: 6 })],
    time: '2026-01-05T12:00Z',
    bounds: { min: 5, max: 9, hold: 8 },
  },
  {
    name: 'a max below the min of another wins',
    schedules: [event, cheap],
    time: '2026-01-05T13:30Z',
    bounds: { min: 6, max: 6, hold: 6 },
  },
  {
    name: "the operator's max over min and hold of a schedule, also ahead",
    schedules: [event],
    time: '2026-01-05T12:58Z',
    overrides: { bounds: { max: 3, until: forever } },
    bounds: { min: 3, max: 3, hold: 3, soon: 3 },
  },
  {
    name: "the operator's min over the min of a schedule; what it holds is more",
    schedules: [office],
    time: '2026-01-05T12:00Z',
    overrides: { bounds: { min: 2, until: forever } },
    bounds: { min: 2, hold: 8 },
  },
  {
    name: "the operator's min over the max of a schedule",
    schedules: [night],
    time: '2026-01-05T22:00Z',
    overrides: { bounds: { min: 5, until: forever } },
    bounds: { min: 5, max: 5 },
  },
  {
    name: "the operator's min does not lift the policy's max",
    schedules: [],
    time: '2026-01-05T22:00Z',
    overrides: { bounds: { min: 50, until: forever } },
    bounds: { min: 10, max: 10 },
  },
  {
    name: "bounds of the operator replace the policy's one by one",
    schedules: [],
    time: '2026-01-05T22:00Z',
    overrides: { bounds: { max: 5, until: forever } },
    bounds: { min: 1, max: 5 },
  },
  {
    name: "the operator's number is not narrowed by a schedule",
    schedules: [office, night],
    time: '2026-01-05T22:00Z',
    overrides: { scale: { to: 7, until: forever } },
    bounds: { min: 0, max: 10, hold: 0 },
  },
];

test.each(rows)('$name', ({ schedules, time, overrides, bounds }) => {
  const policy = policyWith(schedules);
  expect(boundsInForce(policy, overrides ?? {}, at(time), lead)).toMatchObject(bounds);
});

/** Also combinations that the schema would refuse. */
function policyWith(schedules: readonly Schedule[]): Policy {
  return { ...policyOf({ min: 1, max: 10 }), schedules: [...schedules] };
}

test('says which schedules count and whether they are open', () => {
  const policy = policyWith([office, night, event]);
  const states = (time: string) =>
    boundsInForce(policy, {}, at(time), lead).schedules.map(
      ({ schedule, state }) => `${schedule.name} ${state}`,
    );
  expect(states('2026-01-05T12:58Z')).toEqual(['office open', 'event ahead']);
  expect(states('2026-01-10T12:00Z')).toEqual([]);
});

test("an operator's scale keeps to the widest of what policy and schedules allow", () => {
  const policy = policyWith([event, night]);
  expect(scaleLimits(policy, {}, at('2026-01-05T13:30Z'))).toEqual({ min: 1, max: 30 });
  expect(scaleLimits(policy, {}, at('2026-01-05T22:00Z'))).toEqual({ min: 0, max: 10 });
  const bounded = { bounds: { max: 4, until: forever } };
  expect(scaleLimits(policy, bounded, at('2026-01-05T13:30Z'))).toEqual({ min: 1, max: 4 });
});

const number = fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined });
const scheduleArbitrary = fc
  .record({
    from: fc.constantFrom('00:00', '07:30', '12:00', '23:45'),
    to: fc.constantFrom('00:15', '06:00', '12:30', '24:00'),
    zone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'UTC'),
    days: fc.constantFrom<Schedule['days']>(undefined, ['mon'], ['sat', 'sun']),
    min: number,
    max: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
    hold: number,
  })
  .map((changes) => scheduleOf(changes));
const overridesArbitrary: fc.Arbitrary<Overrides> = fc
  .record({ min: number, max: number, to: number })
  .map(({ min, max, to }) => ({
    ...(min === undefined && max === undefined
      ? {}
      : {
          bounds: {
            ...(min === undefined ? {} : { min }),
            ...(max === undefined ? {} : { max }),
            until: forever,
          },
        }),
    ...(to === undefined ? {} : { scale: { to, until: forever } }),
  }));

test('at any time min, hold and soon are at most max, and never above the operator’s', () => {
  fc.assert(
    fc.property(
      fc.array(scheduleArbitrary, { maxLength: 5 }),
      overridesArbitrary,
      fc.integer({ min: at('2026-01-01T00:00Z'), max: at('2027-01-01T00:00Z') }),
      fc.integer({ min: 60, max: 3600 }),
      (schedules, overrides, now, ahead) => {
        const policy = policyWith(schedules);
        const { min, max, hold, soon } = boundsInForce(policy, overrides, now, ahead);
        expect(Math.max(min, hold)).toBeLessThanOrEqual(max);
        expect(min).toBeGreaterThanOrEqual(0);
        expect(soon).toBeGreaterThanOrEqual(0);
        const { bounds } = overrides;
        if (bounds?.max !== undefined) {
          expect(max).toBe(bounds.max);
          expect(soon).toBeLessThanOrEqual(bounds.max);
        }
        if (bounds?.min !== undefined) expect(min).toBe(Math.min(bounds.min, max));
      },
    ),
    { numRuns: 1000 },
  );
});
