import { decide } from '../../../../lambdas/core/decide';
import { membersOf } from '../../../../lambdas/core/model/fleet-member';
import type { LaunchSettings } from '../../../../lambdas/core/protocol/launch-settings';
import type { ObservedBridge } from '../../../../lambdas/core/model/snapshot';
import {
  drainCandidate,
  pickDrainCandidates,
} from '../../../../lambdas/core/plan/drain-candidates';
import { bridgeOf, historyOf, idOf, memoryOf, now, policyOf, snapshotOf } from '../snapshots';

const launch: LaunchSettings = {
  ...snapshotOf([]).launch,
  instanceTypes: [
    { type: 'c6i.xlarge', weight: 1 },
    { type: 'c5.xlarge', weight: 1 },
  ],
  onDemandBase: 2,
  spotPercent: 50,
};

const calls = (conferenceCount: number, participantCount = 10) => ({
  reports: historyOf({ conferenceCount, participantCount }),
});
const onSpot = { market: 'spot' } as const;

/** Indices of the candidates, in their order. */
function candidatesOf(
  bridges: readonly Partial<ObservedBridge>[],
  count: number,
): readonly number[] {
  const snapshot = snapshotOf(bridges.map((changes, index) => bridgeOf(index, changes)));
  const members = membersOf(snapshot, policyOf(), memoryOf());
  const candidates = members.flatMap((member) => drainCandidate(member) ?? []);
  return pickDrainCandidates(members, candidates, count, launch).map(({ bridge }) =>
    parseInt(bridge.instanceId.slice(2), 16),
  );
}

test.each<
  [name: string, bridges: readonly Partial<ObservedBridge>[], candidates: readonly number[]]
>([
  [
    'fewest conferences before all else, however many people are in them',
    [calls(3, 6), { ...calls(1, 70), ...onSpot }, calls(2, 8)],
    [1, 2],
  ],
  [
    'on demand beyond the base and its share, before spot',
    [{}, {}, {}, {}, { ...onSpot, launchedAt: now - 90_000 }],
    [0, 1],
  ],
  [
    'spot when the base is all that is on demand',
    [{}, {}, { ...onSpot, launchedAt: now - 600 }, { ...onSpot, launchedAt: now - 500 }],
    [2, 3],
  ],
  ['the market by its share each time anew', [{}, {}, {}, {}, onSpot, onSpot, onSpot], [4, 0, 5]],
  [
    'a type that is configured no longer, then the one that is preferred less',
    [{}, { instanceType: 'c5.xlarge' }, { instanceType: 'm5.xlarge' }, {}],
    [2, 1],
  ],
  [
    'the zone that has most, counted anew each time',
    [{ zone: 'b' }, { zone: 'a' }, { zone: 'b' }, { zone: 'b' }, { zone: 'a' }],
    [0, 1, 2],
  ],
  [
    'one that nothing is heard of after all that are',
    [{ reports: [] }, calls(7), calls(9), { reports: [] }],
    [1, 2, 0],
  ],
  ['the oldest of equals', [{ launchedAt: now - 900 }, { launchedAt: now - 1000 }, {}], [2, 1]],
])('%s', (_name, bridges, candidates) => {
  expect(candidatesOf(bridges, candidates.length)).toEqual(candidates);
});

test('a bridge that is protected counts for its zone and stays', () => {
  const bridges = [
    bridgeOf(0, { zone: 'a', protectUntil: now + 60 }),
    bridgeOf(1, { zone: 'a' }),
    bridgeOf(2, { zone: 'b' }),
  ];
  const snapshot = snapshotOf(bridges, { overrides: { scale: { to: 2, until: now + 1 } } });
  const { actions } = decide(snapshot, policyOf(), memoryOf());
  expect(actions).toMatchObject([{ kind: 'drain', instanceId: idOf(1) }]);
});

test('one whose conferences were not asked for is none, and the decision says that it is missing', () => {
  const unasked = historyOf().map(({ minute, stressRatio }) => ({ minute, stressRatio }));
  const bridges = [
    bridgeOf(0, { reports: unasked }),
    bridgeOf(1),
    bridgeOf(2, { reports: unasked, protectUntil: now + 60 }),
  ];
  const overrides = (to: number) => ({ overrides: { scale: { to, until: now + 1 } } });
  const decideOn = (to: number) =>
    decide(snapshotOf(bridges, overrides(to)), policyOf(), memoryOf());
  expect(decideOn(1)).toMatchObject({
    actions: [{ kind: 'drain', instanceId: idOf(1) }],
    unread: [idOf(0)],
  });
  expect(decideOn(3)).toMatchObject({ actions: [], unread: [] });
});

test('whatever the order in which EC2 lists them, the same go', () => {
  const equals = [2, 0, 3, 1].map((index) => bridgeOf(index, { launchedAt: now - 900 }));
  const members = membersOf(snapshotOf(equals), policyOf(), memoryOf());
  const idsOf = (order: typeof members) =>
    pickDrainCandidates(
      order,
      order.flatMap((member) => drainCandidate(member) ?? []),
      2,
      launch,
    ).map(({ bridge }) => bridge.instanceId);
  expect(idsOf(members)).toEqual([idOf(0), idOf(1)]);
  expect(idsOf([...members].reverse())).toEqual([idOf(0), idOf(1)]);
});

test('never more than there are', () => {
  expect(candidatesOf([{}, {}], 5)).toHaveLength(2);
  expect(candidatesOf([], 5)).toEqual([]);
});

test('a thousand of two thousand are picked within a tick', () => {
  const zones = ['a', 'b', 'c'];
  const fleet = Array.from({ length: 2000 }, (_, index) => ({
    zone: zones[index % 3] ?? 'a',
    ...(index % 2 === 0 ? onSpot : {}),
    ...calls(index % 5),
  }));
  const candidates = candidatesOf(fleet, 1000);
  expect(new Set(candidates).size).toBe(1000);
  expect(Math.max(...candidates.map((index) => index % 5))).toBe(2);
});
