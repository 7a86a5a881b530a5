import { sanitizeSnapshot } from '../../../../lambdas/core/model/sanitize-snapshot';
import type { BridgeReport } from '../../../../lambdas/core/model/snapshot';
import { bridgeOf, historyOf, now, reportOf, snapshotOf } from '../snapshots';

function reportsOf(reports: readonly BridgeReport[]): readonly BridgeReport[] {
  const { bridges } = sanitizeSnapshot(snapshotOf([bridgeOf(1, { reports })]));
  return bridges.flatMap((bridge) => bridge.reports);
}

test('what is in order stays as it is', () => {
  const snapshot = snapshotOf([bridgeOf(1), bridgeOf(2, { weight: 0.5 })]);
  expect(sanitizeSnapshot(snapshot)).toEqual(snapshot);
});

test.each<[string, Partial<BridgeReport>]>([
  ['stress that is no number', { stressRatio: NaN }],
  ['negative stress', { stressRatio: -0.1 }],
  ['endless stress', { stressRatio: Infinity }],
  ['negative participants', { participantCount: -1 }],
  ['more participants than any bridge can have', { participantCount: 1e7 }],
  ['conferences that are no number', { conferenceCount: NaN }],
  [
    'participants without conferences',
    { participantCount: 1, conferenceCount: undefined as never },
  ],
  ['a minute that is no number', { minute: NaN }],
  ['a minute that has not begun', { minute: now + 1 }],
])('a report with %s is missing', (_name, changes) => {
  const old = reportOf({ minute: now - 120 });
  expect(reportsOf([old, reportOf(changes)])).toEqual([old]);
});

test('a minute that has just begun is believed', () => {
  expect(reportsOf([reportOf({ minute: now })])).toHaveLength(1);
});

test('of two reports about one minute the one that says more load counts, number by number', () => {
  const one = reportOf({ stressRatio: 0.5, participantCount: 0, draining: true });
  const other = reportOf({ stressRatio: 0.1, participantCount: 9, conferenceCount: 5 });
  const both = { ...other, stressRatio: 0.5 };
  expect(reportsOf([one, other])).toEqual([both]);
  expect(reportsOf([other, one])).toEqual([both]);
  expect(reportsOf([one, { ...one }])).toEqual([one]);
});

test('what one of two reports about one minute does not know is unknown', () => {
  const { minute, stressRatio } = reportOf();
  const empty = reportOf({ participantCount: 0, conferenceCount: 0, draining: true });
  expect(reportsOf([empty, { minute, stressRatio: 0.1 }])).toEqual([{ minute, stressRatio }]);
  expect(reportsOf([{ minute, stressRatio }])).toEqual([{ minute, stressRatio }]);
  expect(reportsOf([empty, { ...empty, draining: undefined as never }])[0]).not.toHaveProperty(
    'draining',
  );
});

test('reports come into order', () => {
  expect(reportsOf([...historyOf()].reverse())).toEqual(historyOf());
});

test('heartbeats come into order, each once, none that is no number or from the future', () => {
  const heartbeats = [now - 60, now + 60, now - 180, NaN, now - 60, now - 120];
  expect(sanitizeSnapshot(snapshotOf([], { heartbeats })).heartbeats).toEqual([
    now - 180,
    now - 120,
    now - 60,
  ]);
});

test.each([NaN, 0, -1, Infinity, 1e7])('a weight of %p is one reference bridge', (weight) => {
  const { bridges } = sanitizeSnapshot(snapshotOf([bridgeOf(1, { weight })]));
  expect(bridges.map((bridge) => bridge.weight)).toEqual([1]);
});

test.each<[string, number, number | undefined]>([
  ['in the past', now - 7, now - 7],
  ['now', now, now],
  ['in the future', now + 1, undefined],
  ['at no time', NaN, undefined],
])('the collector began to listen %s', (_name, heardFrom, believed) => {
  expect(sanitizeSnapshot(snapshotOf([], { heardFrom })).heardFrom).toBe(believed);
});
