import fc from 'fast-check';
import { membersOf } from '../../../../lambdas/core/model/fleet-member';
import { equivalentBridges } from '../../../../lambdas/core/demand/equivalent-bridges';
import { bridgeOf, drainingOf, memoryOf, policyOf, snapshotOf } from '../snapshots';

function members(...weights: readonly number[]) {
  const bridges = weights.map((weight, index) => bridgeOf(index, { weight }));
  return membersOf(snapshotOf([...bridges, drainingOf(999)]), policyOf(), memoryOf());
}

test.each<
  [name: string, needed: number, weights: readonly number[], unseen: number, count: number]
>([
  ['a fleet of one type', 3, [1, 1], 0, 3],
  ['an empty fleet', 3, [], 0, 3],
  ['light bridges count less', 5, [0.5, 0.5, 0.5, 0.5], 0, 7],
  ['heavy ones count more', 5, [2, 2], 0, 3],
  ['the lightest are counted first, so that any may go', 3, [2, 1, 1, 1], 0, 3],
  ['what is launched and not listed yet is of the preferred type', 3, [0.5], 2, 4],
  ['nothing needed', 0, [0.5, 2], 0, 0],
  ['tenths add up', 1, Array.from({ length: 10 }, () => 0.1), 0, 10],
])('%s', (_name, needed, weights, unseen, count) => {
  expect(equivalentBridges(needed, members(...weights), 1, unseen)).toBe(count);
});

test('a preferred type that is no reference type', () => {
  expect(equivalentBridges(3, members(2, 2), 2, 0)).toBe(3);
  expect(equivalentBridges(3, members(1, 2), 2, 0)).toBe(4);
});

test('any so many of the bridges, and new ones for what is missing, have the capacity that is needed', () => {
  const weight = fc.constantFrom(0.25, 0.5, 1, 2, 4);
  fc.assert(
    fc.property(
      fc.array(weight, { maxLength: 20 }),
      fc.integer({ min: 0, max: 30 }),
      fc.infiniteStream(fc.nat()),
      (weights, needed, picks) => {
        const count = equivalentBridges(needed, members(...weights), 1, 0);
        const left = [...weights];
        while (left.length > count) left.splice((picks.next().value ?? 0) % left.length, 1);
        const capacity = left.reduce((sum, each) => sum + each, 0) + (count - left.length);
        expect(capacity).toBeGreaterThanOrEqual(needed - 1e-6);
      },
    ),
    { numRuns: 500 },
  );
});
