import { fleetStateOf } from '../../../../lambdas/core/model/fleet-state';
import { growthOf } from '../../../../lambdas/core/demand/growth';
import type { ObservedBridge } from '../../../../lambdas/core/model/snapshot';
import { bridgeOf, memoryOf, now, policyOf, reportOf, snapshotOf } from '../snapshots';

/** A bridge that had some stress three minutes ago and some a minute ago. */
function grown(from: number, to: number, changes: Partial<ObservedBridge> = {}): ObservedBridge {
  const reports = [
    reportOf({ minute: now - 180, stressRatio: from }),
    reportOf({ minute: now - 60, stressRatio: to }),
  ];
  return bridgeOf(1, { reports, ...changes });
}

const empty = { participantCount: 0, conferenceCount: 0 };

test.each<[string, readonly ObservedBridge[], number]>([
  ['what each has more than two minutes ago', [grown(0.2, 0.5), grown(0.1, 0.4)], 0.6],
  ['by its capacity', [grown(0.2, 0.5, { weight: 2 })], 0.6],
  ['less what others lost', [grown(0.2, 0.8), grown(0.5, 0.2)], 0.3],
  ['nothing when the load shrinks', [grown(0.5, 0.2)], 0],
  ['all of a bridge that is new', [bridgeOf(1, { reports: [reportOf()] })], 0.3],
  ['nothing of one that is empty', [bridgeOf(1, { reports: [reportOf(empty)] })], 0],
  [
    'all of one with a conference and no participant',
    [bridgeOf(1, { reports: [reportOf({ participantCount: 0 })] })],
    0.3,
  ],
  ['nothing of one that said nothing', [bridgeOf(1, { reports: [] })], 0],
  ['nothing of one that is stopped', [grown(0.2, 0.5, { state: 'stopped' })], 0],
  ['nothing of one on its way out', [grown(0.2, 0.5, { state: 'shutting-down' })], 0],
])('grown: %s', (_name, bridges, load) => {
  const snapshot = snapshotOf(bridges);
  const state = fleetStateOf(snapshot, policyOf(), memoryOf());
  expect(growthOf(state) * 120).toBeCloseTo(load, 9);
});

test('without data nothing grows', () => {
  const snapshot = snapshotOf([grown(0.2, 0.5)], { heartbeats: [] });
  expect(growthOf(fleetStateOf(snapshot, policyOf(), memoryOf()))).toBe(0);
});
