import fc from 'fast-check';

import { buildLaunch, visibleOf } from '../../../../lambdas/core/plan/launch';
import { memoryLimitBytes, serializeMemory } from '../../../../lambdas/core/model/memory';
import type { LaunchRequest } from '../../../../lambdas/core/model/action';
import type { LaunchSettings } from '../../../../lambdas/core/protocol/launch-settings';
import type { Market } from '../../../../lambdas/core/model/snapshot';
import { bootingOf, bridgeOf, idOf, memoryOf, now, snapshotOf } from '../snapshots';

const settings: LaunchSettings = {
  ...snapshotOf([]).launch,
  instanceTypes: [
    { type: 'c6i.xlarge', weight: 1 },
    { type: 'c5.xlarge', weight: 1 },
  ],
  onDemandBase: 2,
  spotPercent: 50,
};

const snapshot = snapshotOf([], { launch: settings });
const refusalOf = (pool: string, market: Market = 'on-demand', until = now + 1) => ({
  pool,
  market,
  until,
});

test.each([
  ['the base first', 5, 0, [4, 1]],
  ['only what the base lacks', 5, 1, [3, 2]],
  ['a share of what is beyond the base', 4, 2, [2, 2]],
  ['on demand in doubt', 1, 2, [1, 0]],
  ['no more on demand than asked for', 1, 0, [1, 0]],
])('markets: %s', (_name, count, onDemandNow, counts) => {
  const request = buildLaunch(snapshot, memoryOf(), count, onDemandNow);
  expect([request.onDemandCount, request.spotCount]).toEqual(counts);
});

test.each([
  ['on demand alone', [refusalOf('c6i.xlarge/subnet-a')], 0, ['c6i.xlarge/subnet-a']],
  ['what is over counts no more', [refusalOf('c6i.xlarge/subnet-a', 'on-demand', now)], 0, []],
  ['another market', [refusalOf('c6i.xlarge/subnet-a', 'spot')], 0, []],
  ['spot alone', [refusalOf('c5.xlarge/subnet-b', 'spot')], 100, ['c5.xlarge/subnet-b']],
  ['what is configured no longer', [refusalOf('m5.large/subnet-a')], 0, []],
  [
    'all are tried when all were refused',
    ['c6i.xlarge', 'c5.xlarge'].flatMap((type) =>
      ['a', 'b'].map((letter) => refusalOf(`${type}/subnet-${letter}`)),
    ),
    0,
    [],
  ],
])('pools left out: %s', (_name, refusals, spotPercent, excludedPools) => {
  const launch = { ...settings, onDemandBase: 0, spotPercent };
  const request = buildLaunch(snapshotOf([], { launch }), memoryOf({ refusals }), 2, 0);
  expect(request.excludedPools).toEqual(excludedPools);
});

test.each([
  ['spot', undefined, now, 5],
  ['on demand while spot is short', undefined, now + 1, 0],
  ['on demand while spot is short, as configured', 'onDemand' as const, now + 1, 0],
  ['nothing else, as configured', 'never' as const, now + 1, 5],
])('the spot share goes to %s', (_name, spotFallback, spotShortUntil, spotCount) => {
  const launch = { ...settings, onDemandBase: 0, ...(spotFallback && { spotFallback }) };
  const request = buildLaunch(snapshotOf([], { launch }), memoryOf({ spotShortUntil }), 10, 0);
  expect([request.onDemandCount, request.spotCount]).toEqual([10 - spotCount, spotCount]);
});

describe('subnets', () => {
  const subnetIds = ['subnet-a', 'subnet-b', 'subnet-c'];
  const launch = { ...settings, subnetIds };

  test('the emptiest first; bridges on their way out do not count', () => {
    const bridges = [
      bridgeOf(1, { subnetId: 'subnet-a' }),
      bootingOf(2, { subnetId: 'subnet-a', state: 'pending' }),
      bridgeOf(3, { subnetId: 'subnet-b' }),
      bridgeOf(4, { subnetId: 'subnet-c', state: 'shutting-down' }),
      bridgeOf(5),
    ];
    const request = buildLaunch(snapshotOf(bridges, { launch }), memoryOf(), 1, 0);
    expect(request.subnetIds).toEqual(['subnet-c', 'subnet-b', 'subnet-a']);
  });

  test.each([
    ['listed at once', 0],
    ['listed only when the next one is launched', 1],
  ])('nine launches one by one come to three, three, three: %s', (_name, late) => {
    const placed: string[] = [];
    for (let sequence = 0; sequence < 9; sequence++) {
      const listed = placed.slice(0, Math.max(0, placed.length - late));
      const bridges = listed.map((subnetId, index) => bridgeOf(index, { subnetId }));
      const request = buildLaunch(snapshotOf(bridges, { launch }), memoryOf({ sequence }), 1, 0);
      placed.push(request.subnetIds[0] ?? '');
    }
    expect(subnetIds.map((id) => placed.filter((one) => one === id).length)).toEqual([3, 3, 3]);
  });

  /** Where a request puts its on-demand bridges when EC2 has room everywhere. */
  const placesOf = ({ subnetIds: order, onDemandPerSubnet, onDemandCount }: LaunchRequest) =>
    new Map(
      order.map((id, index) => [
        id,
        onDemandPerSubnet?.[index] ?? (index === 0 ? onDemandCount : 0),
      ]),
    );

  test('nine in one order come to three, three, three', () => {
    const onDemand = { ...launch, spotPercent: 0 };
    const request = buildLaunch(snapshotOf([], { launch: onDemand }), memoryOf(), 9, 0);
    expect(request.onDemandPerSubnet).toEqual([3, 3, 3]);
  });

  test('an order that fits one zone is one request', () => {
    const bridges = ['subnet-a', 'subnet-a', 'subnet-b', 'subnet-b'].map((subnetId, index) =>
      bridgeOf(index, { subnetId }),
    );
    const request = buildLaunch(snapshotOf(bridges, { launch }), memoryOf(), 2, 0);
    expect(request).not.toHaveProperty('onDemandPerSubnet');
    expect(request.subnetIds[0]).toBe('subnet-c');
  });

  test('a zone without room for the first type gets no part of an order', () => {
    const refusals = [refusalOf('c6i.xlarge/subnet-b')];
    const all = { ...launch, spotPercent: 0 };
    const request = buildLaunch(snapshotOf([], { launch: all }), memoryOf({ refusals }), 4, 0);
    expect(Object.fromEntries(placesOf(request))).toEqual({
      'subnet-a': 2,
      'subnet-b': 0,
      'subnet-c': 2,
    });
  });

  test('when the first type has room nowhere the second decides', () => {
    const refusals = subnetIds
      .map((subnet) => refusalOf(`c6i.xlarge/${subnet}`))
      .concat(refusalOf('c5.xlarge/subnet-c'));
    const all = { ...launch, spotPercent: 0 };
    const request = buildLaunch(snapshotOf([], { launch: all }), memoryOf({ refusals }), 4, 0);
    expect(Object.fromEntries(placesOf(request))).toEqual({
      'subnet-a': 2,
      'subnet-b': 2,
      'subnet-c': 0,
    });
  });

  test('whatever is there and whatever is ordered, no zone is filled while another has two fewer', () => {
    const fleet = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fleet, fc.integer({ min: 1, max: 40 }), fc.nat(), (counts, count, sequence) => {
        const ids = counts.map((_, index) => `subnet-${index}`);
        const bridges = counts.flatMap((n, zone) =>
          Array.from({ length: n }, (_, index) =>
            bridgeOf(zone * 10 + index, { subnetId: `subnet-${zone}` }),
          ),
        );
        const all = { ...launch, subnetIds: ids, spotPercent: 0 };
        const taken = snapshotOf(bridges, { launch: all });
        const request = buildLaunch(taken, memoryOf({ sequence }), count, 0);
        const added = placesOf(request);
        expect([...added.values()].reduce((sum, n) => sum + n, 0)).toBe(count);
        const totals = ids.map((id, zone) => (counts[zone] ?? 0) + (added.get(id) ?? 0));
        const filled = totals.filter((_, zone) => (added.get(ids[zone] ?? '') ?? 0) > 0);
        expect(Math.max(...filled) - Math.min(...totals)).toBeLessThanOrEqual(1);
        expect(buildLaunch(taken, memoryOf({ sequence }), count, 0)).toEqual(request);
      }),
    );
  });
});

test('a token is short enough for EC2 and differs by time and by sequence', () => {
  const long = { ...snapshot, fleet: 'f'.repeat(90) };
  const tokens = [
    buildLaunch(long, memoryOf(), 1, 0),
    buildLaunch(long, memoryOf({ sequence: 1 }), 1, 0),
    buildLaunch({ ...long, now: now + 1 }, memoryOf(), 1, 0),
  ].map(({ token }) => token);
  expect(new Set(tokens).size).toBe(3);
  for (const token of tokens) expect(token.length).toBeLessThanOrEqual(64);
});

test('however many types and subnets have no capacity, the request fits into memory', () => {
  const instanceTypes = Array.from({ length: 15 }, (_, index) => ({
    type: `c${index}gn.16xlarge`,
    weight: 1,
  }));
  const subnetIds = Array.from({ length: 6 }, (_, index) => `subnet-0123456789abcdef${index}`);
  const refusals = instanceTypes
    .flatMap(({ type }) => subnetIds.map((subnet) => refusalOf(`${type}/${subnet}`)))
    .slice(1);
  const launch = { ...settings, instanceTypes, subnetIds };
  const memory = memoryOf({ refusals });
  const request = buildLaunch(snapshotOf([], { launch }), memory, 3, 0);
  expect(request.excludedPools).toHaveLength(30);
  const pendingLaunch = {
    ...request,
    instanceTypes,
    subnetIds,
    excludedPools: [...request.excludedPools],
  };
  const text = serializeMemory({ ...memory, pendingLaunch });
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(memoryLimitBytes);
  expect(JSON.parse(text)).toMatchObject({ pendingLaunch });
});

test('of a launch EC2 shows what carries its token', () => {
  const request = buildLaunch(snapshot, memoryOf(), 2, 0);
  const bridges = [bootingOf(1, { launchToken: request.token }), bootingOf(2)];
  expect(visibleOf(request, snapshotOf(bridges))).toBe(1);
  expect(bridges[1]?.instanceId).toBe(idOf(2));
});
