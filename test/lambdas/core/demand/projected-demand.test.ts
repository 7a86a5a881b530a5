import { describeReason } from '../../../../lambdas/core/words/describe-reason';
import fc from 'fast-check';
import { decide, type Decision } from '../../../../lambdas/core/decide';
import type { ObservedBridge, Snapshot } from '../../../../lambdas/core/model/snapshot';
import { historyOf as loadsUntil, mondayAt, officeDay, week } from '../load-histories';
import { bootingOf, bridgeOf, memoryOf, policyOf, reportOf, snapshotOf } from '../snapshots';

const eight = mondayAt(8);
const history = loadsUntil(eight, 2 * week);
const policy = policyOf({ min: 0, max: 40, forecast: 'on' });

/** A fleet of equally loaded bridges at some time, with reports of the last ten minutes. */
function fleetAt(
  now: number,
  count: number,
  load: number | ((minute: number) => number),
  changes: Partial<Snapshot> = {},
): Snapshot {
  const minutes = Array.from({ length: 10 }, (_, index) => now - 60 * (10 - index));
  const loadAt = typeof load === 'number' ? () => load : load;
  const bridges = Array.from({ length: count }, (_, index): ObservedBridge =>
    bridgeOf(index, {
      launchedAt: now - 7200,
      reports: minutes.map((minute) => reportOf({ minute, stressRatio: loadAt(minute) / count })),
    }),
  );
  return snapshotOf(bridges, { now, heartbeats: minutes, history, ...changes });
}

function launchedBy(decision: Decision): number {
  return decision.actions.reduce(
    (sum, action) => sum + (action.kind === 'launch' ? action.request.onDemandCount : 0),
    0,
  );
}

describe('before the hour', () => {
  const usual = officeDay(eight);
  const fleet = fleetAt(eight, Math.ceil(usual / 0.6), usual);

  test('launches for the load that comes before capacity ordered now is there, and says so', () => {
    const decision = decide(fleet, policy, memoryOf());
    expect(launchedBy(decision)).toBeGreaterThan(0);
    expect(decision.reasons.map(describeReason)[0]).toMatch(
      /^load 2\.88, forecast 3\.\d\d at 08:09 Mon, needs 6 \(/,
    );
  });

  test('looks further ahead where bridges boot slowly', () => {
    const slow = memoryOf({ bootSeconds: [1400, 1500, 1450] });
    const needed = (memory: ReturnType<typeof memoryOf>) =>
      decide(fleet, policy, memory).numbers.needed ?? 0;
    expect(needed(slow)).toBeGreaterThan(needed(memoryOf()));
  });

  test.each(['off', 'shadow'] as const)('forecast %s: only the load of now counts', (forecast) => {
    const decision = decide(fleet, policyOf({ min: 0, max: 40, forecast }), memoryOf());
    expect(decision.actions).toEqual([]);
    expect(decision.numbers.predictedLoad !== undefined).toBe(forecast === 'shadow');
  });

  test('keeps what the coming hour needs, though fewer would do now', () => {
    const decision = decide(
      fleetAt(eight, 7, usual),
      policy,
      memoryOf({ scaleInPending: { since: eight - 3600, mostNeeded: 1 } }),
    );
    expect(decision.actions).toEqual([]);
    expect(decision.numbers.scaleInFloor).toBeGreaterThanOrEqual(7);
  });
});

test('without load data it grows as the history tells, from its newest sample on', () => {
  const stale = fleetAt(eight, 5, officeDay(eight), { heartbeats: [eight - 600] });
  expect(launchedBy(decide(stale, policy, memoryOf()))).toBeGreaterThan(0);
  const without = { ...stale, history: [] };
  expect(launchedBy(decide(without, policy, memoryOf()))).toBe(0);
  const old = { ...stale, history: history.slice(0, -20) };
  expect(launchedBy(decide(old, policy, memoryOf()))).toBe(0);
});

test('growth beyond the usual goes on for some minutes', () => {
  const joined = (minute: number) => (minute >= eight - 60 ? 6 : minute >= eight - 120 ? 4.5 : 3);
  const calm = decide(fleetAt(eight, 10, 6, { history: [] }), policy, memoryOf());
  const rush = decide(fleetAt(eight, 10, joined, { history: [] }), policy, memoryOf());
  expect(rush.numbers.needed).toBeGreaterThan(calm.numbers.needed ?? Infinity);
});

test('headroom for random variation is a square root: 1 for 1 bridge, 10 for 100', () => {
  const chance = policyOf({ min: 0, max: 400, headroomFactor: 1, forecast: 'on' });
  const needed = (count: number) =>
    decide(
      fleetAt(eight, count, 0.6 * count, { history: loadsUntil(eight, 0) }),
      chance,
      memoryOf(),
    ).numbers.needed;
  // Without a forecast the factor is 2.5 times as great.
  expect([needed(1), needed(100)]).toEqual([4, 125]);
});

test('overload that is pinned to a bridge gets room elsewhere', () => {
  const fleet = fleetAt(eight, 4, 1.6, { history: [] });
  const [first, ...others] = fleet.bridges;
  const hot = {
    ...fleet,
    bridges: [
      bridgeOf(0, {
        ...first,
        reports: fleet.bridges[0]?.reports.map((report) => ({ ...report, stressRatio: 1.4 })) ?? [],
      }),
      ...others,
    ],
  };
  // 2.6 alone would need 5; the 0.6 above 0.8 count four times more.
  expect(decide(hot, policy, memoryOf()).numbers.needed).toBe(9);
});

describe('bridges that drain, as a reserve', () => {
  const chance = policyOf({ min: 0, max: 40, headroomFactor: 1, forecast: 'on' });

  /**
   * Load of 9 × 0.6 on active bridges, whose √9 × 1 of headroom (2.5 times that, without a
   * forecast) is 8.
   */
  function neededWith(
    draining: readonly number[],
    changes: Partial<Snapshot> = {},
    memory = memoryOf(),
  ): number | undefined {
    const fleet = fleetAt(eight, 10, 5.4, { history: [], drainKind: 'reversible', ...changes });
    const reports = (stressRatio: number) =>
      fleet.heartbeats.map((minute) => reportOf({ minute, stressRatio, draining: true }));
    const bridges = draining.map((stressRatio, index) =>
      bridgeOf(100 + index, {
        launchedAt: eight - 7200,
        drain: { since: eight - 600, by: 'autoscaler', reason: 'surplus' },
        reports: reports(stressRatio),
      }),
    );
    return decide({ ...fleet, bridges: [...fleet.bridges, ...bridges] }, chance, memory).numbers
      .needed;
  }

  test.each<[name: string, draining: readonly number[], needed: number]>([
    ['none: all of the headroom', [], 17],
    ['the room of one empty bridge less', [0], 16],
    ['a full one: its calls keep their places, it has no room', [0.8], 18],
    ['a half full one', [0.4], 17],
    ['many: 70 % of the headroom stay', [0, 0, 0, 0, 0, 0], 15],
  ])('%s', (_name, draining, needed) => {
    expect(neededWith(draining)).toBe(needed);
  });

  test('more load on one of them never means fewer bridges', () => {
    const stress = fc.double({ min: 0, max: 1.5, noNaN: true });
    fc.assert(
      fc.property(fc.array(stress, { maxLength: 6 }), stress, stress, (others, one, other) => {
        const less = neededWith([...others, Math.min(one, other)]) ?? Infinity;
        expect(neededWith([...others, Math.max(one, other)])).toBeGreaterThanOrEqual(less);
      }),
      { numRuns: 100 },
    );
  });

  test('not where a drain is one-way', () => {
    expect(neededWith([0, 0], { drainKind: 'oneWay' })).toBe(17);
  });

  test('not one that was told to come back and still drains; one that was told just now is', () => {
    const told = (ago: number) =>
      memoryOf({ undrainedAt: { [bridgeOf(100).instanceId]: eight - ago } });
    expect(neededWith([0], {}, told(120))).toBe(17);
    expect(neededWith([0], {}, told(0))).toBe(16);
  });
});

test('learns how long boots take', () => {
  const now = eight;
  const booted = bridgeOf(1, {
    launchedAt: now - 400,
    reports: [reportOf({ minute: now - 60, stressRatio: 0.1 })],
  });
  const snapshot = fleetAt(now, 0, 0, { bridges: [booted, bootingOf(2)] });
  const decision = decide(
    snapshot,
    policy,
    memoryOf({ booting: { [booted.instanceId]: now - 400 } }),
  );
  expect(decision.memory.bootSeconds).toEqual([400]);
});

const sample = fc.record({
  at: fc.oneof(fc.integer({ min: eight - 5 * week, max: eight + week }), fc.constant(NaN)),
  load: fc.oneof(fc.double(), fc.constantFrom(NaN, -1, Infinity, 0, 1e9)),
});

test('any history gives a decision with finite numbers, never below what the load of now needs', () => {
  const fleet = fleetAt(eight, 5, 2.4);
  const reactive = Math.ceil(2.4 / 0.6);
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 60 }), fc.boolean(), (odd, isAlone) => {
      const spoiled = isAlone ? odd : [...history.slice(0, 100), ...odd, ...history.slice(100)];
      const { numbers, actions } = decide({ ...fleet, history: spoiled }, policy, memoryOf());
      expect(Object.values(numbers).every(Number.isFinite)).toBe(true);
      expect(numbers.needed).toBeGreaterThanOrEqual(reactive);
      expect(numbers.scaleInFloor).toBeGreaterThanOrEqual(numbers.needed ?? Infinity);
      expect(actions.filter(({ kind }) => kind !== 'launch')).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test('more load never means fewer bridges, whatever the history', () => {
  const load = fc.double({ min: 0, max: 20, noNaN: true });
  const when = fc.integer({ min: 0, max: 167 }).map((hour) => mondayAt(hour % 24) - hour * 3600);
  fc.assert(
    fc.property(load, load, when, (one, other, now) => {
      const loads = loadsUntil(eight, 3 * week);
      const needed = (value: number) =>
        decide(
          fleetAt(now, 20, (minute) => (minute === now - 60 ? value : 5), { history: loads }),
          policy,
          memoryOf(),
        ).numbers;
      const less = needed(Math.min(one, other));
      const more = needed(Math.max(one, other));
      expect(more.needed).toBeGreaterThanOrEqual(less.needed ?? Infinity);
      expect(more.scaleInFloor).toBeGreaterThanOrEqual(less.scaleInFloor ?? Infinity);
    }),
    { numRuns: 200 },
  );
});

test('constant load, no oscillation: after it settled nothing is launched or drained', () => {
  let memory = memoryOf();
  const kinds: string[] = [];
  for (let minute = 0; minute < 240; minute += 1) {
    const now = eight + minute * 60;
    const flat = Array.from({ length: 8064 }, (_, index) => ({
      at: Math.floor(now / 300) * 300 - 300 * (8064 - index),
      load: 3,
    }));
    const decision = decide(
      fleetAt(now, 5, 3, { history: flat }),
      policyOf({ max: 40, scaleInPatienceSeconds: 300, forecast: 'on' }),
      memory,
    );
    memory = decision.memory;
    kinds.push(...decision.actions.map(({ kind }) => kind));
  }
  expect(kinds).toEqual([]);
});
