import fc from 'fast-check';
import { decide, type Decision } from '../../../lambdas/core/decide';
import type { Memory } from '../../../lambdas/core/model/memory';
import type { Policy } from '../../../lambdas/core/model/policy';
import type { Action } from '../../../lambdas/core/model/action';
import type { BridgeReport, ObservedBridge, Snapshot } from '../../../lambdas/core/model/snapshot';
import { bridgeOf, idOf, memoryOf, now, policyOf, snapshotOf } from './snapshots';

const reportArbitrary: fc.Arbitrary<Omit<BridgeReport, 'minute'>> = fc.record({
  stressRatio: fc.double({ min: 0, max: 2, noNaN: true }),
  participantCount: fc.constantFrom(0, 0, 1, 7),
  conferenceCount: fc.constantFrom(0, 0, 1, 3),
  draining: fc.boolean(),
});

/** Reports in some of the last ten minutes, oldest first. */
const reportsArbitrary = fc
  .array(fc.option(reportArbitrary, { nil: undefined }), { minLength: 10, maxLength: 10 })
  .map((slots) =>
    slots.flatMap((slot, index) =>
      slot === undefined ? [] : [{ ...slot, minute: now - 60 * (10 - index) }],
    ),
  );

const bridgeArbitrary = fc
  .record({
    state: fc.constantFrom('pending', 'running', 'running', 'running', 'stopped', 'shutting-down'),
    ageSeconds: fc.constantFrom(30, 400, 1000, 90_000),
    weight: fc.constantFrom(1, 2),
    market: fc.constantFrom('on-demand', 'spot'),
    drainAge: fc.option(fc.integer({ min: 0, max: 700 }), { nil: undefined }),
    suspectAge: fc.option(fc.integer({ min: 0, max: 700 }), { nil: undefined }),
    protectAge: fc.option(fc.integer({ min: -700, max: 700 }), { nil: undefined }),
    reports: reportsArbitrary,
    reportedBefore: fc.boolean(),
  } as const)
  .map((made): Omit<ObservedBridge, 'instanceId'> => ({
    state: made.state,
    instanceType: 'c6i.xlarge',
    zone: 'us-east-1a',
    market: made.market,
    launchedAt: now - made.ageSeconds,
    weight: made.weight,
    registered: true,
    ...(made.drainAge === undefined
      ? {}
      : { drain: { since: now - made.drainAge, by: 'autoscaler', reason: 'surplus' } }),
    ...(made.suspectAge === undefined ? {} : { suspectSince: now - made.suspectAge }),
    ...(made.protectAge === undefined ? {} : { protectUntil: now - made.protectAge }),
    reports: made.reports,
    everReported: made.reports.length > 0 || made.reportedBefore,
  }));

const snapshotArbitrary: fc.Arbitrary<Snapshot> = fc
  .record({
    bridges: fc.array(bridgeArbitrary, { maxLength: 8 }),
    missedBeats: fc.integer({ min: 0, max: 10 }),
    generation: fc.constantFrom('component', 'muc'),
  } as const)
  .map(({ bridges, missedBeats, generation }) => {
    const snapshot = snapshotOf(
      bridges.map((bridge, index) => ({ ...bridge, instanceId: idOf(index) })),
    );
    return {
      ...snapshot,
      generation,
      heartbeats: snapshot.heartbeats.slice(0, 10 - missedBeats),
    };
  });

const policyArbitrary: fc.Arbitrary<Policy> = fc
  .record({
    min: fc.integer({ min: 0, max: 4 }),
    spread: fc.integer({ min: 1, max: 8 }),
    surge: fc.integer({ min: 0, max: 2 }),
    headroomBridges: fc.double({ min: 0, max: 2, noNaN: true }),
    headroomFactor: fc.constantFrom(0, 1.2),
    forecast: fc.constantFrom('on', 'off'),
    emptySeconds: fc.constantFrom(30, 60, 180),
  } as const)
  .map(({ min, spread, ...rest }) => policyOf({ ...rest, min, max: min + spread }));

const memoryArbitrary: fc.Arbitrary<Memory> = fc
  .record({
    scaleInPending: fc.option(
      fc.record({
        since: fc.constantFrom(now - 30, now - 3600),
        mostNeeded: fc.integer({ min: 0, max: 8 }),
      }),
      { nil: undefined },
    ),
    repaired: fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 3 }),
    undrainedAt: fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 3 }),
    wanted: fc.option(fc.integer({ min: 0, max: 8 }), { nil: undefined }),
    failures: fc.integer({ min: 0, max: 4 }),
  })
  .map(({ scaleInPending, repaired, undrainedAt, wanted, failures }) =>
    memoryOf({
      scaleInPending,
      wanted,
      repairs: Object.fromEntries(repaired.map((index) => [idOf(index), now - 500])),
      undrainedAt: Object.fromEntries(undrainedAt.map((index) => [idOf(index), now - 100])),
      breaker: { failures, blockedUntil: now + 60 },
    }),
  );

const anything = fc.tuple(snapshotArbitrary, policyArbitrary, memoryArbitrary);

function idsOf(decision: Decision, ...kinds: readonly Action['kind'][]): readonly string[] {
  return decision.actions.flatMap((action) =>
    action.kind !== 'launch' && kinds.includes(action.kind) ? [action.instanceId] : [],
  );
}

function launchedBy(decision: Decision): number {
  return decision.actions.reduce(
    (sum, action) =>
      action.kind === 'launch'
        ? sum + action.request.onDemandCount + action.request.spotCount
        : sum,
    0,
  );
}

test('total: any snapshot gives a decision with a reason and finite numbers', () => {
  fc.assert(
    fc.property(anything, ([snapshot, policy, memory]) => {
      const decision = decide(snapshot, policy, memory);
      expect(decision.reasons.length).toBeGreaterThan(0);
      expect(Object.values(decision.numbers).every(Number.isFinite)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('I1: a bridge is retired only while it drains and its reports since then say empty', () => {
  fc.assert(
    fc.property(anything, ([snapshot, policy, memory]) => {
      const decision = decide(snapshot, policy, memory);
      for (const id of idsOf(decision, 'retire')) {
        const bridge = snapshot.bridges.find(({ instanceId }) => instanceId === id);
        const since = bridge?.drain?.since ?? Infinity;
        const newest = bridge?.reports.at(-1)?.minute ?? 0;
        expect(newest).toBeGreaterThanOrEqual(snapshot.heartbeats.at(-1) ?? 0);
        expect(newest).toBeGreaterThanOrEqual(now - policy.staleSeconds);
        const recent = bridge?.reports.filter(
          ({ minute }) => minute > newest - policy.emptySeconds,
        );
        for (const report of recent ?? []) {
          expect(report).toMatchObject({ participantCount: 0, conferenceCount: 0 });
          expect(report.minute).toBeGreaterThanOrEqual(since);
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test('I1: a bridge that ever reported is never terminated as a suspect while its instance runs', () => {
  fc.assert(
    fc.property(anything, ([snapshot, policy, memory]) => {
      for (const id of idsOf(decide(snapshot, policy, memory), 'terminate')) {
        const bridge = snapshot.bridges.find(({ instanceId }) => instanceId === id);
        expect(bridge?.everReported === false || bridge?.state === 'stopped').toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test('I1: a protected bridge is neither drained by the autoscaler nor terminated', () => {
  fc.assert(
    fc.property(anything, ([snapshot, policy, memory]) => {
      const ending = idsOf(decide(snapshot, policy, memory), 'retire', 'replace', 'terminate');
      const spared = snapshot.bridges.filter(({ protectUntil }) => (protectUntil ?? 0) > now);
      for (const { instanceId } of spared) expect(ending).not.toContain(instanceId);
    }),
    { numRuns: 500 },
  );
});

/** What may happen to data on its way: a report missing, old, or no number. */
const damage = fc.constantFrom<(reports: readonly BridgeReport[]) => readonly BridgeReport[]>(
  () => [],
  (reports) => reports.slice(0, -3),
  (reports) => reports.map((report) => ({ ...report, stressRatio: NaN })),
  (reports) => reports.map((report) => ({ ...report, participantCount: -1 })),
  (reports) => reports.map((report) => ({ ...report, minute: report.minute - 3600 })),
);

test('I2: damaged reports of an active bridge never drain or retire anything more', () => {
  // All active, fresh data, cooldown over: the case in which undamaged data would scale in.
  const fleet = fc.array(
    fc.record({ stressRatio: fc.double({ min: 0, max: 1, noNaN: true }), broken: damage }),
    { minLength: 1, maxLength: 8 },
  );
  fc.assert(
    fc.property(fleet, fc.integer({ min: 1, max: 255 }), (made, mask) => {
      const bridges = made.map(({ stressRatio }, index) => {
        const whole = bridgeOf(index);
        return {
          ...whole,
          reports: whole.reports.map((report) => ({ ...report, stressRatio })),
        };
      });
      const isHit = (index: number) => (mask >> index) % 2 === 1;
      fc.pre(made.some((_, index) => isHit(index)));
      const damaged = bridges.map((bridge, index) => ({
        ...bridge,
        reports: isHit(index) ? (made[index]?.broken(bridge.reports) ?? []) : bridge.reports,
      }));
      const memory = memoryOf({ scaleInPending: { since: now - 3600, mostNeeded: 0 } });
      const decision = decide(snapshotOf(damaged), policyOf({ min: 0 }), memory);
      expect(idsOf(decision, 'drain', 'retire', 'terminate', 'replace')).toEqual([]);
      expect(decision.numbers.wanted).toBeGreaterThanOrEqual(made.length);
    }),
    { numRuns: 500 },
  );
});

test('I2: without heartbeats nothing is drained by the autoscaler, retired, suspected or terminated', () => {
  fc.assert(
    fc.property(anything, ([snapshot, policy, memory]) => {
      const bridges = snapshot.bridges
        .filter(({ state }) => state !== 'stopped')
        .map((bridge) => ({ ...bridge, reports: [] }));
      const decision = decide({ ...snapshot, bridges, heartbeats: [] }, policy, memory);
      const ending = ['drain', 'retire', 'replace', 'suspect', 'terminate'] as const;
      expect(idsOf(decision, ...ending)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('I3: launches never lead beyond max + surge', () => {
  fc.assert(
    fc.property(anything, ([snapshot, policy, memory]) => {
      const launched = launchedBy(decide(snapshot, policy, memory));
      const living = snapshot.bridges.filter(
        ({ state }) => state === 'pending' || state === 'running',
      );
      if (launched > 0)
        expect(living.length + launched).toBeLessThanOrEqual(policy.max + policy.surge);
    }),
    { numRuns: 500 },
  );
});

test('idempotent: the same snapshot with the new memory orders nothing new', () => {
  fc.assert(
    fc.property(anything, ([snapshot, policy, memory]) => {
      const first = decide(snapshot, policy, memory);
      const second = decide(snapshot, policy, first.memory);
      const tokens = (decision: Decision) =>
        decision.actions.flatMap((action) =>
          action.kind === 'launch' ? [action.request.token] : [],
        );
      expect(tokens(first)).toEqual(expect.arrayContaining([...tokens(second)]));
      const known = [...idsOf(first, 'drain'), ...idsOf(first, 'repair')];
      expect(known).toEqual(expect.arrayContaining([...idsOf(second, 'drain', 'repair')]));
    }),
    { numRuns: 500 },
  );
});

test('pure: decide changes none of its arguments', () => {
  fc.assert(
    fc.property(anything, ([snapshot, policy, memory]) => {
      const before = structuredClone({ snapshot, policy, memory });
      decide(snapshot, policy, memory);
      expect({ snapshot, policy, memory }).toEqual(before);
    }),
  );
});

test('I2: what was not asked for is unknown: nothing drains or retires on it, and it is told', () => {
  const unasked = fc.tuple(anything, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }));
  fc.assert(
    fc.property(unasked, ([[snapshot, policy, memory], known]) => {
      const isKnown = (id: string) =>
        known[snapshot.bridges.findIndex(({ instanceId }) => instanceId === id)] === true;
      const bridges = snapshot.bridges.map((bridge) =>
        isKnown(bridge.instanceId)
          ? bridge
          : { ...bridge, reports: bridge.reports.map(withoutCalls) },
      );
      const decision = decide({ ...snapshot, bridges }, policy, memory);
      const whole = decide(snapshot, policy, memory);
      const drained = decision.actions.flatMap((action) =>
        action.kind === 'drain' && action.reason.code !== 'SaysItDrains' ? [action.instanceId] : [],
      );
      for (const bridge of bridges) {
        const { instanceId: id, reports, drain } = bridge;
        if (isKnown(id) || reports.length === 0) continue;
        expect(idsOf(decision, 'retire')).not.toContain(id);
        if (drain === undefined) expect(drained).not.toContain(id);
      }
      // What was read is never asked for again.
      expect(whole.unread).toEqual([]);
      for (const id of decision.unread) expect(isKnown(id)).toBe(false);
    }),
  );
});

function withoutCalls({ minute, stressRatio }: BridgeReport): BridgeReport {
  return { minute, stressRatio };
}
