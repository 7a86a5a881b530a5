import fc from 'fast-check';
import { decide } from '../../../lambdas/core/decide';
import type { Overrides } from '../../../lambdas/core/model/snapshot';
import { scheduleOf } from './schedules/schedules-under-test';
import { bridgeOf, historyOf, memoryOf, now, policyOf, snapshotOf } from './snapshots';

const count = fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined });

/**
 * Open, ahead, within the hour or neither, at 09:00 on a Friday in Berlin; also what the schema
 * would refuse.
 */
const scheduleArbitrary = fc
  .record({
    from: fc.constantFrom('08:00', '09:03', '09:30', '12:00'),
    min: count,
    max: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
    hold: count,
  })
  .map((changes) => scheduleOf(changes));

const fleetArbitrary = fc.record({
  stresses: fc.array(fc.double({ min: 0, max: 1.2, noNaN: true }), { maxLength: 8 }),
  schedules: fc.array(scheduleArbitrary, { maxLength: 3 }),
  isStale: fc.boolean(),
  isPatient: fc.boolean(),
});

type Fleet = typeof fleetArbitrary extends fc.Arbitrary<infer T> ? T : never;

function decideWith({ stresses, schedules, isStale, isPatient }: Fleet, overrides: Overrides) {
  const bridges = stresses.map((stressRatio, index) =>
    bridgeOf(index, { reports: historyOf({ stressRatio }) }),
  );
  const snapshot = snapshotOf(bridges, {
    overrides,
    ...(isStale ? { heartbeats: [now - 600] } : {}),
  });
  const memory = isPatient ? memoryOf() : memoryOf({ scaleInPending: { since: 0, mostNeeded: 0 } });
  return decide(snapshot, { ...policyOf(), schedules }, memory);
}

test('I3: with schedules too nothing is launched beyond the max in force, and wanted keeps to the bounds', () => {
  fc.assert(
    fc.property(fleetArbitrary, (fleet) => {
      const { actions, numbers } = decideWith(fleet, {});
      const launched = actions.reduce(
        (sum, action) => sum + (action.kind === 'launch' ? action.request.onDemandCount : 0),
        0,
      );
      if (launched > 0) expect(fleet.stresses.length + launched).toBeLessThanOrEqual(numbers.max);
      expect(numbers.wanted).toBeLessThanOrEqual(numbers.max);
      expect(numbers.wanted).toBeGreaterThanOrEqual(Math.max(numbers.min, numbers.hold ?? 0));
    }),
    { numRuns: 500 },
  );
});

test('I9: the size that the operator orders is wanted, whatever schedules say', () => {
  fc.assert(
    fc.property(fleetArbitrary, fc.integer({ min: 1, max: 10 }), (fleet, to) => {
      expect(decideWith(fleet, { scale: { to, until: now + 1 } }).numbers.wanted).toBe(to);
    }),
    { numRuns: 500 },
  );
});

test('I9: no schedule lifts the fleet above the max that the operator set', () => {
  fc.assert(
    fc.property(fleetArbitrary, fc.integer({ min: 1, max: 10 }), (fleet, max) => {
      const { numbers } = decideWith(fleet, { bounds: { max, until: now + 1 } });
      expect(numbers.max).toBe(max);
      expect(numbers.wanted).toBeLessThanOrEqual(max);
    }),
    { numRuns: 500 },
  );
});

test('I2: a schedule that holds more never makes the fleet smaller', () => {
  fc.assert(
    fc.property(fleetArbitrary, fc.integer({ min: 0, max: 30 }), (fleet, hold) => {
      const more = {
        ...fleet,
        schedules: [...fleet.schedules, scheduleOf({ name: 'more', hold })],
      };
      const wanted = decideWith(fleet, {}).numbers.wanted;
      expect(decideWith(more, {}).numbers.wanted).toBeGreaterThanOrEqual(wanted);
    }),
    { numRuns: 500 },
  );
});
