import { decide } from '../../../../lambdas/core/decide';
import { bootingOf, bridgeOf, idOf, memoryOf, now, policyOf, snapshotOf } from '../snapshots';

const launchToken = 'test-1';
const launches = (count: number, ageSeconds = 30) => [
  { token: launchToken, at: now - ageSeconds, count },
];
const bootingIn = (count: number, memory: Parameters<typeof memoryOf>[0]) => {
  const bridges = Array.from({ length: count }, (_, index) => bootingOf(index, { launchToken }));
  const policy = policyOf({ min: 3, max: 3 });
  return decide(snapshotOf(bridges), policy, memoryOf(memory));
};

test('launched bridges that EC2 does not list yet count as booting, told by their token', () => {
  const { numbers, actions } = bootingIn(1, { launches: launches(3) });
  expect(numbers.booting).toBe(3);
  expect(actions).toEqual([]);
});

test('after three minutes only what EC2 lists counts', () => {
  const { numbers, actions, memory } = bootingIn(1, { launches: launches(3, 180) });
  expect(numbers.booting).toBe(1);
  expect(actions).toMatchObject([{ kind: 'launch', request: { onDemandCount: 2 } }]);
  expect(memory.launches).toEqual([]);
});

test('what an earlier version launched counts until it is listed', () => {
  const unlisted = { [idOf(0)]: now - 30, [idOf(7)]: now - 30, [idOf(8)]: now - 200 };
  const { numbers, memory } = bootingIn(1, { unlisted });
  expect(numbers.booting).toBe(2);
  expect(memory.unlisted).toEqual({ [idOf(7)]: now - 30 });
});

test('of many boots some are watched, and the same ones until they end', () => {
  const bridges = (count: number) =>
    Array.from({ length: count }, (_, index) => bootingOf(index, { launchToken }));
  const watch = (count: number, booting: Readonly<Record<string, number>>) =>
    decide(snapshotOf(bridges(count)), policyOf(), memoryOf({ booting })).memory.booting;
  const first = watch(300, {});
  expect(Object.keys(first)).toHaveLength(40);
  const last = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [idOf(260 + index), now - 60]),
  );
  expect(Object.keys(watch(300, last)).sort()).toEqual(Object.keys(last).sort());
});

test('an instance without a launch token is nobody’s launch', () => {
  const snapshot = snapshotOf([bridgeOf(1), bridgeOf(2)]);
  const { numbers } = decide(snapshot, policyOf(), memoryOf({ launches: launches(2) }));
  expect(numbers).toMatchObject({ booting: 2, active: 2 });
});
