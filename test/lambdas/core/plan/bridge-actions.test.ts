import {
  bridgeActionsFor,
  rememberBridgeActions,
} from '../../../../lambdas/core/plan/bridge-actions';
import { fleetStateOf } from '../../../../lambdas/core/model/fleet-state';
import type { Memory } from '../../../../lambdas/core/model/memory';
import type { ObservedBridge, Snapshot } from '../../../../lambdas/core/model/snapshot';
import {
  bootingOf,
  bridgeOf,
  drainingOf,
  historyOf,
  idOf,
  memoryOf,
  now,
  policyOf,
  reportOf,
  snapshotOf,
} from '../snapshots';

/** Kinds of what one bridge gets. */
function actionsOf(
  bridge: ObservedBridge,
  memory: Memory = memoryOf(),
  changes: Partial<Snapshot> = {},
): readonly string[] {
  const snapshot = snapshotOf([bridge], changes);
  const state = fleetStateOf(snapshot, policyOf(), memory);
  return state.members.flatMap((member) => bridgeActionsFor(member, state)).map(({ kind }) => kind);
}

const spared = { protectUntil: now + 60 };
const silent = { reports: [reportOf({ minute: now - 300 })] };
const repaired = (seconds: number) => memoryOf({ repairs: { [idOf(1)]: now - seconds } });
const undrainedAt = (seconds: number) => memoryOf({ undrainedAt: { [idOf(1)]: now - seconds } });
const overdue = { launchedAt: now - 1000 };
const empty = { participantCount: 0, conferenceCount: 0 };
const unconfirmed = drainingOf(1, { draining: false });

const rows: readonly [
  kinds: readonly string[],
  to: string,
  bridge: ObservedBridge,
  memory?: Memory,
][] = [
  [[], 'an active bridge', bridgeOf(1)],
  [[], 'a booting one', bootingOf(1)],
  [[], 'one that EC2 is ending', bridgeOf(1, { state: 'shutting-down' })],
  [[], 'one that is just stopping', bridgeOf(1, { state: 'stopping' })],
  [['unsuspect'], 'a suspect that reports', bridgeOf(1, { suspectSince: now - 5 })],
  [['repair'], 'a silent one', bridgeOf(1, silent)],
  [[], 'a silent one that was just repaired', bridgeOf(1, silent), repaired(60)],
  [['replace'], 'a lost one', bridgeOf(1, silent), repaired(300)],
  [[], 'a lost one that is protected', bridgeOf(1, { ...silent, ...spared }), repaired(300)],
  [['suspect'], 'one that never came up', bootingOf(1, overdue)],
  [[], 'a suspect of a moment ago', bootingOf(1, { ...overdue, suspectSince: now - 59 })],
  [
    ['terminate'],
    'a suspect of a minute ago',
    bootingOf(1, { ...overdue, suspectSince: now - 60 }),
  ],
  [[], 'a suspect that is protected', bootingOf(1, { ...overdue, ...spared, suspectSince: 1 })],
  [['suspect'], 'a stopped one', bridgeOf(1, { state: 'stopped' })],
  [['terminate'], 'a stopped suspect', bridgeOf(1, { state: 'stopped', suspectSince: 1 })],
  [
    ['suspect'],
    'one that never came up and was drained meanwhile',
    bootingOf(1, { ...overdue, drain: { since: now - 600, by: 'autoscaler', reason: 'surplus' } }),
  ],
  [
    [],
    'one that boots and was drained meanwhile',
    bootingOf(1, { drain: { since: now - 30, by: 'operator', reason: 'operator drain' } }),
  ],
  [
    [],
    'one that is drained before its instance runs',
    bootingOf(1, {
      state: 'pending',
      drain: { since: now - 30, by: 'operator', reason: 'operator drain' },
    }),
  ],
  [['drain'], 'one that drains by itself', bridgeOf(1, { reports: historyOf({ draining: true }) })],
  [['retire'], 'a drained one that is empty', drainingOf(1, empty)],
  [[], 'a drained one that is protected', { ...drainingOf(1, empty), ...spared }],
  [[], 'a drained one that was just undrained', drainingOf(1, empty), undrainedAt(59)],
  [['retire'], 'one whose undrain failed', drainingOf(1, empty), undrainedAt(60)],
  [['replace'], 'a drained one that fell silent', { ...drainingOf(1), ...silent }],
  [[], 'a draining one with calls', drainingOf(1)],
  [['drain'], 'one that does not confirm its drain', unconfirmed],
  [
    [],
    'one that had no time to confirm its drain',
    { ...unconfirmed, drain: { since: now - 180, by: 'autoscaler', reason: 'surplus' } },
  ],
  [[], 'one that does not drain any more since its undrain', unconfirmed, undrainedAt(120)],
  [['drain'], 'one that was undrained long ago', unconfirmed, undrainedAt(600)],
  [
    [],
    'a draining one whose word is old',
    { ...unconfirmed, reports: [reportOf({ minute: now - 180 })] },
  ],
];

test.each(rows.map(([kinds, to, bridge, memory]) => ({ kinds, to, bridge, memory })))(
  '$kinds to $to',
  ({ kinds, bridge, memory }) => {
    expect(actionsOf(bridge, memory)).toEqual(kinds);
  },
);

test('says why', () => {
  const reasonFor = (bridge: ObservedBridge) => {
    const snapshot = snapshotOf([bridge]);
    const state = fleetStateOf(snapshot, policyOf(), memoryOf());
    return state.members
      .flatMap((member) => bridgeActionsFor(member, state))
      .map(({ reason }) => reason);
  };
  expect(reasonFor(bootingOf(1, overdue))).toEqual([{ code: 'NeverReported', seconds: 1000 }]);
  expect(reasonFor(bridgeOf(1, { state: 'stopped' }))).toEqual([{ code: 'Stopped' }]);
  expect(reasonFor(drainingOf(1, empty))).toEqual([{ code: 'DrainedEmpty', seconds: 60 }]);
});

test('remembers repairs of what is still silent, and undrains for ten minutes', () => {
  const snapshot = snapshotOf([bridgeOf(1, silent), bridgeOf(2), bridgeOf(3, silent)]);
  const memory = memoryOf({
    repairs: { [idOf(1)]: 5, [idOf(2)]: 5, [idOf(9)]: 5 },
    undrainedAt: { [idOf(4)]: now - 599, [idOf(5)]: now - 600 },
  });
  const state = fleetStateOf(snapshot, policyOf(), memory);
  const reason = { code: 'Silent', seconds: 240 } as const;
  const repair = { kind: 'repair', instanceId: idOf(3), reason } as const;
  expect(rememberBridgeActions(state, [repair])).toMatchObject({
    repairs: { [idOf(1)]: 5, [idOf(3)]: now },
    undrainedAt: { [idOf(4)]: now - 599 },
  });
  expect(Object.keys(rememberBridgeActions(state, [repair]).repairs)).toHaveLength(2);
});
