import {
  dataAgeSeconds,
  isEveryoneHeard,
  isObservedEmpty,
  membersOf,
} from '../../../../lambdas/core/model/fleet-member';
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

function memberOf(
  bridge: ObservedBridge,
  changes: Partial<Snapshot> = {},
  memory: Memory = memoryOf(),
) {
  const [member] = membersOf(snapshotOf([bridge], changes), policyOf(), memory);
  if (member === undefined) throw new Error('no member');
  return member;
}

const quiet = { reports: [reportOf({ minute: now - 300 })] };
const repaired = (seconds: number) => memoryOf({ repairs: { [idOf(1)]: now - seconds } });
const saysDraining = { reports: historyOf({ draining: true }) };

const phases: readonly [
  phase: string,
  when: string,
  bridge: ObservedBridge,
  changes?: Partial<Snapshot>,
  memory?: Memory,
][] = [
  ['gone', 'EC2 is ending it', bridgeOf(1, { state: 'shutting-down' })],
  ['stopped', 'it is stopped', bridgeOf(1, { state: 'stopped' })],
  ['stopped', 'it is stopping', bridgeOf(1, { state: 'stopping' })],
  ['draining', 'it is tagged', drainingOf(1, { draining: false })],
  ['draining', 'it says so', bridgeOf(1, saysDraining)],
  [
    'draining',
    'it says so again after its undrain',
    bridgeOf(1, saysDraining),
    {},
    memoryOf({ undrainedAt: { [idOf(1)]: now - 61 } }),
  ],
  [
    'active',
    'it said so before its undrain',
    bridgeOf(1, saysDraining),
    {},
    memoryOf({ undrainedAt: { [idOf(1)]: now - 60 } }),
  ],
  ['booting', 'it was just launched', bootingOf(1)],
  ['booting', 'its time is not over', bootingOf(1, { launchedAt: now - 900 })],
  ['overdue', 'its time is over', bootingOf(1, { launchedAt: now - 901 })],
  [
    'booting',
    'its time is over, but nothing can be read',
    bootingOf(1, { launchedAt: now - 901 }),
    { heartbeats: [] },
  ],
  [
    'booting',
    'its time is over, but it could be heard for two minutes only',
    bootingOf(1, { launchedAt: now - 5000 }),
    { heartbeats: [now - 120, now - 60] },
  ],
  [
    'overdue',
    'it could be heard for three minutes and was not',
    bootingOf(1, { launchedAt: now - 5000 }),
    { heartbeats: [now - 180, now - 120, now - 60] },
  ],
  ['active', 'it reports', bridgeOf(1)],
  ['active', 'it reported, though EC2 knows nothing of it', bootingOf(1, { reports: historyOf() })],
  [
    'active',
    'two minutes are missing',
    bridgeOf(1, { reports: [reportOf({ minute: now - 180 })] }),
  ],
  ['silent', 'more are missing', bridgeOf(1, quiet)],
  ['silent', 'it reported before all that is seen', bridgeOf(1, { reports: [] })],
  ['silent', 'it was just repaired', bridgeOf(1, quiet), {}, repaired(120)],
  ['lost', 'its repair did not help', bridgeOf(1, quiet), {}, repaired(200)],
];

test.each(
  phases.map(([phase, when, bridge, changes, memory]) => ({
    phase,
    when,
    bridge,
    changes,
    memory,
  })),
)('$phase: $when', ({ phase, bridge, changes, memory }) => {
  expect(memberOf(bridge, changes, memory).phase).toBe(phase);
});

const missed = (...ages: readonly number[]) => ({
  reports: ages.map((age) => reportOf({ minute: now - age })),
});

const newestAge = (age: number) => ({ heartbeats: [now - age - 60, now - age] });

test.each<[heard: boolean, when: string, bridge: ObservedBridge, changes?: Partial<Snapshot>]>([
  [true, 'all reported in the newest minute', bridgeOf(1)],
  [true, 'the newest minute is just read', bridgeOf(1), newestAge(90)],
  [false, 'a minute is missing already', bridgeOf(1), newestAge(91)],
  [false, 'no minute is there at all', bridgeOf(1), { heartbeats: [] }],
  [false, 'an active one is missing in it', bridgeOf(1, missed(120))],
  [false, 'a draining one is missing in it', { ...drainingOf(1), ...missed(180, 120) }],
  [true, 'one is silent for long', bridgeOf(1, missed(240))],
  [
    true,
    'one that is missing in it is on its way out',
    bridgeOf(1, { ...missed(120), state: 'shutting-down' }),
  ],
  [true, 'one never reported', bootingOf(1)],
])('everyone is heard is %p when %s', (heard, _when, bridge, changes = {}) => {
  const members = [memberOf(bridgeOf(2), changes), memberOf(bridge, changes)];
  expect(isEveryoneHeard(members, snapshotOf([], changes), policyOf())).toBe(heard);
});

const empty = { participantCount: 0, conferenceCount: 0, draining: true };
const minutes = (...ages: readonly number[]) =>
  ages.map((age) => reportOf({ ...empty, minute: now - age }));
const drained = (reports: ObservedBridge['reports']) => ({ ...drainingOf(1), reports });

test.each<[seen: boolean, when: string, bridge: ObservedBridge]>([
  [true, 'it was in each minute', drained(minutes(180, 120, 60))],
  [true, 'it was in two minutes', drained(minutes(120, 60))],
  [false, 'it was in one minute', drained(minutes(60))],
  [false, 'nothing was heard', drained([])],
  [false, 'it does not drain', bridgeOf(1, { reports: historyOf(empty) })],
  [false, 'the newest minute is missing', drained(minutes(240, 180, 120))],
  [false, 'a minute in between is missing', drained(minutes(240, 180, 60))],
  [
    false,
    'it had a participant in the minute before',
    drained([reportOf({ minute: now - 120, conferenceCount: 0 }), ...minutes(60)]),
  ],
  [
    false,
    'it had a conference in the minute before',
    drained([reportOf({ minute: now - 120, participantCount: 0 }), ...minutes(60)]),
  ],
  [
    false,
    'it was so before its drain',
    {
      ...drained(minutes(180, 120, 60)),
      drain: { since: now - 100, by: 'autoscaler', reason: 'surplus' },
    },
  ],
])('observed empty is %p when %s', (seen, _when, bridge) => {
  expect(isObservedEmpty(memberOf(bridge), policyOf())).toBe(seen);
});

test.each<[string, Partial<Snapshot>, number | undefined]>([
  ['from the start of the newest minute', { heartbeats: [now - 100] }, 100],
  [
    'from when it was heard, where that is known',
    { heartbeats: [now - 100], heardFrom: now - 43 },
    43,
  ],
  [
    'from the minute when its reports are as old',
    { heartbeats: [now - 40], heardFrom: now - 43 },
    40,
  ],
  ['never, when there is none', { heartbeats: [], heardFrom: now - 43 }, undefined],
])('the age of the data counts %s', (_name, changes, age) => {
  expect(dataAgeSeconds(snapshotOf([], changes))).toBe(age);
});

test('a minute is missing by the time of its reports, not by the minute of CloudWatch', () => {
  const bridge = bridgeOf(1, { reports: [reportOf({ minute: now - 100 })] });
  const heard = (changes: Partial<Snapshot>) => {
    const snapshot = snapshotOf([bridge], { heartbeats: [now - 160, now - 100], ...changes });
    const members = membersOf(snapshot, policyOf(), memoryOf());
    return isEveryoneHeard(members, snapshot, policyOf());
  };
  expect(heard({ heardFrom: now - 50 })).toBe(true);
  expect(heard({ heardFrom: now - 91 })).toBe(false);
  expect(heard({})).toBe(false);
});
