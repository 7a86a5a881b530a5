import { capabilitiesOf } from '../../../lambdas/core/protocol/generation';
import fc from 'fast-check';
import { decide, type Decision } from '../../../lambdas/core/decide';
import type { Action } from '../../../lambdas/core/model/action';
import type { ObservedBridge, Snapshot } from '../../../lambdas/core/model/snapshot';
import { spoilings, type Spoiling } from './life-events';
import { bridgeOf, drainingOf, historyOf, memoryOf, now, policyOf, snapshotOf } from './snapshots';

/**
 * A fleet that reports every minute, each bridge with a load of its own in each minute; some
 * drain.
 */
const fleet: fc.Arbitrary<Snapshot> = fc
  .record({
    bridges: fc.array(
      fc.record({
        stress: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
          minLength: 10,
          maxLength: 10,
        }),
        draining: fc.boolean(),
        empty: fc.boolean(),
      }),
      { minLength: 1, maxLength: 6 },
    ),
    generation: fc.constantFrom('component', 'muc'),
  } as const)
  .map(({ bridges, generation }) =>
    snapshotOf(
      bridges.map(({ stress, draining, empty }, index): ObservedBridge => {
        const bridge = draining ? drainingOf(index) : bridgeOf(index);
        const reports = historyOf({
          draining,
          ...(empty ? { participantCount: 0, conferenceCount: 0 } : {}),
        });
        return {
          ...bridge,
          reports: reports.map((report, minute) => ({
            ...report,
            stressRatio: stress[minute] ?? 0,
          })),
        };
      }),
      { drainKind: capabilitiesOf(generation).drain },
    ),
  );

function endingsOf({ actions }: Decision): readonly string[] {
  const kinds: readonly Action['kind'][] = ['drain', 'retire', 'replace', 'suspect', 'terminate'];
  return actions.flatMap((action) =>
    action.kind !== 'launch' && kinds.includes(action.kind)
      ? [`${action.kind} ${action.instanceId}`]
      : [],
  );
}

/**
 * What may end: what ends by the whole data, and what had been drained before and would be used
 * again.
 */
function mayEnd(decision: Decision): readonly string[] {
  const back = decision.actions.flatMap((action) =>
    action.kind === 'undrain' || action.kind === 'recycle' ? [`retire ${action.instanceId}`] : [],
  );
  return [...endingsOf(decision), ...back];
}

const patient = memoryOf({ scaleInPending: { since: now - 3600, mostNeeded: 0 } });

describe.each(Object.keys(spoilings) as Spoiling[])('a sample that is %s', (how) => {
  test('never ends or drains a bridge that the whole data would have kept', () => {
    fc.assert(
      fc.property(fleet, fc.nat(), fc.nat({ max: 9 }), (whole, pick, minute) => {
        const hit = pick % whole.bridges.length;
        const bridges = whole.bridges.map((bridge, index) => ({
          ...bridge,
          reports: bridge.reports.flatMap((report, at) =>
            index === hit && at === minute ? spoilings[how](report) : [report],
          ),
        }));
        const policy = policyOf({ min: 0 });
        const allowed = mayEnd(decide(whole, policy, patient));
        const spoilt = endingsOf(decide({ ...whole, bridges }, policy, patient));
        expect(allowed).toEqual(expect.arrayContaining([...spoilt]));
      }),
      { numRuns: 300 },
    );
  });
});

describe.each<[string, (beats: readonly number[]) => readonly number[]]>([
  ['not a number', (beats) => [...beats, NaN]],
  ['from the future', (beats) => [...beats, now + 600]],
  ['a duplicate', (beats) => [...beats, ...beats]],
  ['missing', (beats) => beats.slice(0, -1)],
  ['out of order', (beats) => [...beats].reverse()],
])('a heartbeat that is %s', (_name, spoil) => {
  test('never ends or drains a bridge that the whole data would have kept', () => {
    fc.assert(
      fc.property(fleet, (whole) => {
        const policy = policyOf({ min: 0 });
        const allowed = mayEnd(decide(whole, policy, patient));
        const heartbeats = spoil(whole.heartbeats);
        const spoilt = endingsOf(decide({ ...whole, heartbeats }, policy, patient));
        expect(allowed).toEqual(expect.arrayContaining([...spoilt]));
      }),
      { numRuns: 100 },
    );
  });
});
