import { decide, type Decision } from '../../../lambdas/core/decide';
import type { Memory } from '../../../lambdas/core/model/memory';
import type { Policy } from '../../../lambdas/core/model/policy';
import type { Snapshot } from '../../../lambdas/core/model/snapshot';
import { describeReason } from '../../../lambdas/core/words/describe-reason';
import { scheduleOf } from './schedules/schedules-under-test';
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
} from './snapshots';

/** Actions as short texts: `launch 2`, `drain 3` (the bridge's index). */
function actionsOf(decision: Decision): readonly string[] {
  return decision.actions.map((action) =>
    action.kind === 'launch'
      ? `launch ${action.request.onDemandCount + action.request.spotCount}`
      : `${action.kind} ${parseInt(action.instanceId.slice(2), 16)}`,
  );
}

function wordsOf({ reasons }: Decision): string {
  return reasons.map(describeReason).join('; ');
}

interface Row {
  readonly name: string;
  readonly snapshot: Snapshot;
  readonly policy?: Policy;
  readonly memory?: Memory;
  readonly actions: readonly string[];
  readonly reason?: RegExp;
}

const busy = { reports: historyOf({ stressRatio: 0.9 }) };
const idle = { reports: historyOf({ stressRatio: 0.01, participantCount: 0, conferenceCount: 0 }) };
const waited = { scaleInPending: { since: now - 600, mostNeeded: 1 } };
const lateHeartbeats = { heartbeats: [now - 600, now - 540] };

const rows: readonly Row[] = [
  {
    name: 'launches min when there is nothing, though there is no load data',
    snapshot: snapshotOf([], { heartbeats: [] }),
    policy: policyOf({ min: 2 }),
    actions: ['launch 2'],
    reason: /no load data/,
  },
  {
    name: 'launches the whole difference at once',
    snapshot: snapshotOf([1, 2, 3].map((index) => bridgeOf(index, busy))),
    actions: ['launch 2'],
    reason: /load 2\.70 needs 5/,
  },
  {
    name: 'keeps headroom beyond the load',
    snapshot: snapshotOf([bridgeOf(1)]),
    policy: policyOf({ headroomBridges: 1.5 }),
    actions: ['launch 1'],
  },
  {
    name: 'does nothing when the load fits, and says so',
    snapshot: snapshotOf([bridgeOf(1)]),
    actions: [],
    reason: /load 0\.30 needs 1, min 1, max 10/,
  },
  {
    name: 'counts booting bridges as capacity',
    snapshot: snapshotOf([bridgeOf(1, busy), bootingOf(2)]),
    actions: [],
  },
  {
    name: 'weighs a bridge of double capacity double, its load and its room',
    snapshot: snapshotOf([bridgeOf(1, { ...busy, weight: 2 })]),
    actions: ['launch 1'],
    reason: /load 1\.80 needs 2/,
  },
  {
    name: 'does not take light bridges for full ones',
    snapshot: snapshotOf([1, 2].map((index) => bridgeOf(index, { ...busy, weight: 0.5 }))),
    actions: ['launch 1'],
    reason: /load 0\.90 needs 3/,
  },
  {
    name: 'drains light bridges only as far as the rest has the capacity',
    snapshot: snapshotOf([1, 2, 3, 4].map((index) => bridgeOf(index, { weight: 0.5 }))),
    memory: memoryOf(waited),
    actions: ['drain 1', 'drain 2'],
    reason: /load 0\.60 needs 2/,
  },
  {
    name: 'replaces a bridge that the operator drains at full size only when there is room',
    snapshot: snapshotOf([
      bridgeOf(1, busy),
      { ...drainingOf(2), drain: { since: now - 60, by: 'operator', reason: 'operator retire' } },
    ]),
    policy: policyOf({ min: 2, max: 2 }),
    actions: [],
    reason: /launching none of 1: max is \d+ and 1 draining bridge counts/,
  },
  {
    name: 'replaces it at once with surge, while its calls go on',
    snapshot: snapshotOf([
      bridgeOf(1, busy),
      { ...drainingOf(2), drain: { since: now - 60, by: 'operator', reason: 'operator retire' } },
    ]),
    policy: policyOf({ min: 2, max: 2, surge: 1 }),
    actions: ['launch 1'],
  },
  {
    name: 'has no more bridges for calls with surge than without',
    snapshot: snapshotOf([bridgeOf(1, busy), bridgeOf(2, busy)]),
    policy: policyOf({ max: 2, surge: 5 }),
    actions: [],
  },
  {
    name: 'ignores the stress of a cold empty bridge',
    snapshot: snapshotOf([
      bridgeOf(1, {
        launchedAt: now - 120,
        reports: [reportOf({ stressRatio: 1.1, participantCount: 0, conferenceCount: 0 })],
      }),
    ]),
    actions: [],
  },
  {
    name: 'ignores it also when the boot took long',
    snapshot: snapshotOf([
      bridgeOf(1, {
        launchedAt: now - 600,
        reports: [reportOf({ stressRatio: 1.1, participantCount: 0, conferenceCount: 0 })],
      }),
    ]),
    actions: [],
  },
  {
    name: 'does not ignore it when it goes on',
    snapshot: snapshotOf([
      bridgeOf(1, {
        reports: historyOf({ stressRatio: 1.1, participantCount: 0, conferenceCount: 0 }),
      }),
    ]),
    actions: ['launch 1'],
  },
  {
    name: 'never launches beyond max',
    snapshot: snapshotOf([1, 2].map((index) => bridgeOf(index, busy))),
    policy: policyOf({ max: 2 }),
    actions: [],
    reason: /max 2/,
  },
  {
    name: 'counts the load of draining bridges but not their capacity',
    snapshot: snapshotOf([bridgeOf(1, busy), drainingOf(2, { stressRatio: 0.9 })]),
    actions: ['launch 2'],
  },
  {
    name: 'says that draining bridges leave no room below max',
    snapshot: snapshotOf([bridgeOf(1, busy), drainingOf(2, { stressRatio: 0.9 })]),
    policy: policyOf({ max: 3 }),
    actions: ['launch 1'],
    reason: /launching 1 of 2: max is \d+ and 1 draining bridge counts/,
  },
  {
    name: 'uses surge above max',
    snapshot: snapshotOf([bridgeOf(1, busy), drainingOf(2, { stressRatio: 0.9 })]),
    policy: policyOf({ max: 3, surge: 1 }),
    actions: ['launch 2'],
  },
  {
    name: 'undrains before it launches (muc)',
    snapshot: snapshotOf([bridgeOf(1, busy), drainingOf(2, { stressRatio: 0.9 })], {
      drainKind: 'reversible',
    }),
    actions: ['undrain 2', 'launch 1'],
  },
  {
    name: 'recycles an empty draining bridge before it launches (component)',
    snapshot: snapshotOf([
      bridgeOf(1, busy),
      drainingOf(2, { stressRatio: 0, participantCount: 0, conferenceCount: 0 }),
    ]),
    actions: ['recycle 2'],
  },
  {
    name: 'launches when an undrain was tried already',
    snapshot: snapshotOf([bridgeOf(1, busy), drainingOf(2, { stressRatio: 0 })], {
      drainKind: 'reversible',
    }),
    memory: memoryOf({ undrainedAt: { [idOf(2)]: now - 120 } }),
    actions: ['launch 1'],
  },
  {
    name: 'does not undrain what the operator drained',
    snapshot: snapshotOf(
      [
        bridgeOf(1, busy),
        { ...drainingOf(2), drain: { since: now - 600, by: 'operator', reason: 'operator drain' } },
      ],
      { drainKind: 'reversible' },
    ),
    actions: ['launch 1'],
  },
  {
    name: 'does not scale in during the cooldown',
    snapshot: snapshotOf([bridgeOf(1), bridgeOf(2, idle)]),
    memory: memoryOf({ scaleInPending: { since: now - 599, mostNeeded: 1 } }),
    actions: [],
    reason: /scale-in in 1 s/,
  },
  {
    name: 'drains the bridge with fewest conferences after the cooldown',
    snapshot: snapshotOf([bridgeOf(1), bridgeOf(2, idle)]),
    memory: memoryOf(waited),
    actions: ['drain 2'],
  },
  {
    name: 'drains the oldest of equals',
    snapshot: snapshotOf([1, 2, 3].map((index) => bridgeOf(index, idle))),
    memory: memoryOf(waited),
    actions: ['drain 1', 'drain 2'],
  },
  {
    name: 'keeps the largest number needed during the cooldown',
    snapshot: snapshotOf([1, 2, 3].map((index) => bridgeOf(index, idle))),
    memory: memoryOf({ scaleInPending: { since: now - 600, mostNeeded: 2 } }),
    actions: ['drain 1'],
  },
  {
    name: 'never drains below min',
    snapshot: snapshotOf([1, 2, 3].map((index) => bridgeOf(index, idle))),
    policy: policyOf({ min: 3 }),
    memory: memoryOf(waited),
    actions: [],
  },
  {
    name: 'does not let a booting bridge stand in for a drained one',
    snapshot: snapshotOf([bridgeOf(1), bootingOf(2)]),
    memory: memoryOf(waited),
    actions: [],
  },
  {
    name: 'does not drain a protected bridge',
    snapshot: snapshotOf([
      bridgeOf(1),
      bridgeOf(2, { ...idle, protectUntil: now + 60 }),
      bridgeOf(3, idle),
    ]),
    memory: memoryOf({ scaleInPending: { since: now - 600, mostNeeded: 2 } }),
    actions: ['drain 3'],
  },
  {
    name: 'holds when the load data is stale',
    snapshot: snapshotOf([bridgeOf(1), bridgeOf(2, idle)], lateHeartbeats),
    memory: memoryOf(waited),
    actions: [],
    reason: /load data is 540 s old: hold 2/,
  },
  {
    name: 'holds when one active bridge did not report lately',
    snapshot: snapshotOf([
      bridgeOf(1),
      bridgeOf(2, idle),
      bridgeOf(3, { reports: [reportOf({ minute: now - 180, stressRatio: 0.01 })] }),
    ]),
    memory: memoryOf(waited),
    actions: [],
    reason: /not every bridge reported lately: hold/,
  },
  {
    name: 'replaces a vanished bridge on stale data, since it holds the size',
    snapshot: snapshotOf([bridgeOf(1)], lateHeartbeats),
    memory: memoryOf({ wanted: 2 }),
    actions: ['launch 1'],
    reason: /hold 2/,
  },
  {
    name: 'repairs a silent bridge',
    snapshot: snapshotOf([
      bridgeOf(1),
      bridgeOf(2, { reports: [reportOf({ minute: now - 300 })] }),
    ]),
    actions: ['repair 2'],
    reason: /hold/,
  },
  {
    name: 'does not call a bridge silent for minutes in which the collector was dead',
    snapshot: snapshotOf(
      [bridgeOf(1), bridgeOf(2, { reports: [reportOf({ minute: now - 420 })] })],
      { heartbeats: [now - 480, now - 420, now - 60] },
    ),
    actions: [],
  },
  {
    name: 'waits for a repair to work',
    snapshot: snapshotOf([
      bridgeOf(1),
      bridgeOf(2, { reports: [reportOf({ minute: now - 300 })] }),
    ]),
    memory: memoryOf({ repairs: { [idOf(2)]: now - 120 } }),
    actions: [],
  },
  {
    name: 'launches a substitute and checks a bridge that its repair did not help',
    snapshot: snapshotOf([bridgeOf(1), bridgeOf(2, { reports: [] })]),
    policy: policyOf({ min: 2 }),
    memory: memoryOf({ repairs: { [idOf(2)]: now - 300 } }),
    actions: ['launch 1', 'replace 2'],
  },
  {
    name: 'retires a drained bridge that was empty long enough',
    snapshot: snapshotOf([bridgeOf(1), drainingOf(2, { participantCount: 0, conferenceCount: 0 })]),
    actions: ['retire 2'],
  },
  {
    name: 'does not retire a bridge that was empty for one minute only',
    snapshot: snapshotOf([
      bridgeOf(1),
      {
        ...drainingOf(2),
        reports: [
          reportOf({ minute: now - 120, draining: true }),
          reportOf({ minute: now - 60, participantCount: 0, conferenceCount: 0, draining: true }),
        ],
      },
    ]),
    actions: [],
  },
  {
    name: 'does not retire on reports from before the drain',
    snapshot: snapshotOf([
      bridgeOf(1),
      { ...bridgeOf(2, idle), drain: { since: now - 70, by: 'autoscaler', reason: 'surplus' } },
    ]),
    actions: [],
  },
  {
    name: 'does not retire across a missing minute',
    snapshot: snapshotOf([
      bridgeOf(1),
      {
        ...drainingOf(2),
        reports: [180, 60].map((age) =>
          reportOf({ minute: now - age, participantCount: 0, conferenceCount: 0, draining: true }),
        ),
      },
    ]),
    actions: [],
  },
  {
    name: 'does not retire a bridge with a conference and no participant',
    snapshot: snapshotOf([bridgeOf(1), drainingOf(2, { participantCount: 0 })]),
    actions: [],
  },
  {
    name: 'does not retire a protected bridge',
    snapshot: snapshotOf([
      bridgeOf(1),
      {
        ...drainingOf(2, { participantCount: 0, conferenceCount: 0 }),
        protectUntil: now + 60,
      },
    ]),
    actions: [],
  },
  {
    name: 'checks a drained bridge that fell silent',
    snapshot: snapshotOf([
      bridgeOf(1),
      { ...drainingOf(2), reports: [reportOf({ minute: now - 300, draining: true })] },
    ]),
    actions: ['replace 2'],
  },
  {
    name: 'orders a drain again that the bridge did not confirm',
    snapshot: snapshotOf([bridgeOf(1), drainingOf(2, { draining: false })]),
    actions: ['drain 2'],
  },
  {
    name: 'adopts a drain that the bridge says by itself',
    snapshot: snapshotOf([
      bridgeOf(1),
      bridgeOf(2, { reports: historyOf({ stressRatio: 0.1, draining: true }) }),
    ]),
    actions: ['drain 2'],
  },
  {
    name: 'does not believe a drain from before the undrain',
    snapshot: snapshotOf([
      bridgeOf(1),
      bridgeOf(2, { reports: historyOf({ stressRatio: 0.1, draining: true }) }),
    ]),
    memory: memoryOf({ undrainedAt: { [idOf(2)]: now - 30 } }),
    actions: [],
  },
  {
    name: 'suspects a bridge that never reported, and orders another',
    snapshot: snapshotOf([bootingOf(1, { launchedAt: now - 901 })]),
    actions: ['launch 1', 'suspect 1'],
  },
  {
    name: 'does not suspect a booting bridge while the collector is dead',
    snapshot: snapshotOf([bootingOf(1, { launchedAt: now - 901 })], lateHeartbeats),
    actions: [],
  },
  {
    name: 'terminates a suspect',
    snapshot: snapshotOf([
      bridgeOf(1),
      bootingOf(2, { launchedAt: now - 1000, suspectSince: now - 60 }),
    ]),
    actions: ['terminate 2'],
  },
  {
    name: 'clears the suspicion when the bridge reports',
    snapshot: snapshotOf([bridgeOf(1, { suspectSince: now - 60 })]),
    actions: ['unsuspect 1'],
  },
  {
    name: 'suspects a stopped instance, and terminates one that was suspected',
    snapshot: snapshotOf([
      bridgeOf(1),
      bridgeOf(2, { state: 'stopped' }),
      bridgeOf(3, { state: 'stopped', suspectSince: now - 60 }),
    ]),
    actions: ['suspect 2', 'terminate 3'],
  },
  {
    name: 'treats an instance that EC2 is ending as gone',
    snapshot: snapshotOf([bridgeOf(1, { state: 'shutting-down' })]),
    actions: ['launch 1'],
  },
  {
    name: 'holds in a minute in which one bridge was not heard, and goes on waiting',
    snapshot: snapshotOf([
      bridgeOf(1),
      bridgeOf(2, idle),
      bridgeOf(3, { reports: historyOf({ stressRatio: 0.01 }).slice(0, -1) }),
    ]),
    memory: memoryOf(waited),
    actions: [],
    reason: /not every bridge reported in the newest minute: hold/,
  },
  {
    name: 'drains what is above max in such a minute, too',
    snapshot: snapshotOf([
      bridgeOf(1),
      bridgeOf(2, idle),
      bridgeOf(3, { reports: historyOf().slice(0, -1) }),
    ]),
    policy: policyOf({ max: 2 }),
    memory: memoryOf(waited),
    actions: ['drain 2'],
  },
  {
    name: 'does not wait for the word of a bridge that fell silent while it drained',
    snapshot: snapshotOf([
      bridgeOf(1),
      bridgeOf(2, idle),
      { ...drainingOf(3), reports: [reportOf({ minute: now - 600, stressRatio: 0 })] },
    ]),
    memory: memoryOf(waited),
    actions: ['drain 2', 'replace 3'],
  },
  {
    name: "keeps to the operator's max on stale data, too",
    snapshot: snapshotOf([bridgeOf(1), bridgeOf(2)], {
      ...lateHeartbeats,
      overrides: { bounds: { max: 1, until: now + 1 } },
    }),
    actions: ['drain 1'],
    reason: /load data is 540 s old: hold 1/,
  },
  {
    name: "keeps what it has below the operator's max on stale data",
    snapshot: snapshotOf([bridgeOf(1), bridgeOf(2)], {
      ...lateHeartbeats,
      overrides: { bounds: { max: 2, until: now + 1 } },
    }),
    actions: [],
  },
  {
    name: 'says that bridges which cannot be counted on leave no room below max',
    snapshot: snapshotOf([bridgeOf(1), bridgeOf(2, { reports: [] })]),
    policy: policyOf({ min: 2, max: 2 }),
    memory: memoryOf({ repairs: { [idOf(2)]: now - 300 } }),
    actions: ['replace 2'],
    reason: /launching none of 1: max is \d+$/,
  },
  {
    name: 'undrains the bridge with most participants first',
    snapshot: snapshotOf(
      [bridgeOf(1, busy), drainingOf(2, { participantCount: 3 }), drainingOf(3)],
      { drainKind: 'reversible' },
    ),
    actions: ['undrain 3', 'undrain 2'],
  },
  {
    name: 'undrains one whose people were not read after those who have some',
    snapshot: snapshotOf(
      [
        bridgeOf(1, busy),
        {
          ...drainingOf(2),
          reports: historyOf().map(({ minute }) => ({ minute, stressRatio: 0.3 })),
        },
        drainingOf(3, { participantCount: 1 }),
      ],
      { drainKind: 'reversible' },
    ),
    actions: ['undrain 3', 'undrain 2'],
  },
  {
    name: 'counts bridges as reference bridges when the launch settings name no type',
    snapshot: snapshotOf([bridgeOf(1, busy)], {
      launch: { ...snapshotOf([]).launch, instanceTypes: [] },
    }),
    policy: policyOf({ forecast: 'on' }),
    actions: ['launch 2'],
  },
  {
    name: 'stops launching after three failed boots',
    snapshot: snapshotOf([]),
    memory: memoryOf({ breaker: { failures: 3, blockedUntil: now + 1 } }),
    actions: [],
    reason: /launches stopped after 3 failed boots/,
  },
  {
    name: 'tries one launch when the breaker has waited',
    snapshot: snapshotOf([]),
    policy: policyOf({ min: 4 }),
    memory: memoryOf({ breaker: { failures: 3, blockedUntil: now } }),
    actions: ['launch 1'],
    reason: /launching one as a probe/,
  },
  {
    name: 'counts a launched bridge that vanished before its first report as a failed boot',
    snapshot: snapshotOf([]),
    memory: memoryOf({ breaker: { failures: 2 }, booting: { [idOf(9)]: now - 300 } }),
    actions: [],
    reason: /boot of i-0+9 failed \(3 in a row\)/,
  },
  {
    name: 'closes the breaker when a bridge comes up',
    snapshot: snapshotOf([bridgeOf(1, busy)]),
    memory: memoryOf({
      breaker: { failures: 5, blockedUntil: now + 600 },
      booting: { [idOf(1)]: now - 300 },
    }),
    actions: ['launch 1'],
  },
  {
    name: 'counts a launch that EC2 does not list yet',
    snapshot: snapshotOf([]),
    memory: memoryOf({ launches: [{ token: 't', at: now - 60, count: 1 }] }),
    actions: [],
  },
  {
    name: "follows the operator's scale up at once",
    snapshot: snapshotOf([bridgeOf(1)], { overrides: { scale: { to: 4, until: now + 1 } } }),
    actions: ['launch 3'],
    reason: /operator scaled to 4/,
  },
  {
    name: "follows the operator's scale down without a cooldown, on stale data too",
    snapshot: snapshotOf([bridgeOf(1, busy), bridgeOf(2, busy)], {
      ...lateHeartbeats,
      overrides: { scale: { to: 1, until: now + 1 } },
    }),
    actions: ['drain 1'],
  },
  {
    name: 'goes back to the autoscaler when the override expires',
    snapshot: snapshotOf([bridgeOf(1)], { overrides: { scale: { to: 4, until: now } } }),
    actions: [],
  },
  {
    name: "keeps to the operator's bounds",
    snapshot: snapshotOf([bridgeOf(1)], { overrides: { bounds: { min: 3, until: now + 1 } } }),
    actions: ['launch 2'],
    reason: /min 3/,
  },
  {
    name: "names the bound that keeps it from the operator's number",
    snapshot: snapshotOf([bridgeOf(1)], {
      overrides: { scale: { to: 2, until: now + 1 }, bounds: { min: 3, until: now + 1 } },
    }),
    actions: ['launch 2'],
    reason: /operator scaled to 2; raised to min 3/,
  },
  {
    name: 'names the bound that ends the cooldown',
    snapshot: snapshotOf([bridgeOf(1, idle), bridgeOf(2, idle)]),
    policy: policyOf({ max: 1 }),
    actions: ['drain 1'],
    reason: /scale-in in \d+ s; limited by max 1/,
  },
  {
    name: 'launches nothing and ends nothing while paused',
    snapshot: snapshotOf(
      [bridgeOf(1, busy), drainingOf(2, { participantCount: 0, conferenceCount: 0 })],
      { overrides: { pause: { until: now + 1 } } },
    ),
    actions: [],
    reason: /paused by the operator/,
  },
  {
    name: 'launches what a schedule holds, though the load needs less, and says until when',
    snapshot: snapshotOf([bridgeOf(1)]),
    policy: scheduled({ hold: 4 }),
    actions: ['launch 3'],
    reason:
      /needs 1, hold 4, min 1, max 10; schedule office: hold 4 until 18:00 Fri Europe\/Berlin/,
  },
  {
    name: 'launches ahead of a schedule',
    snapshot: snapshotOf([bridgeOf(1)]),
    policy: scheduled({ hold: 4, from: '09:04' }),
    actions: ['launch 3'],
    reason: /schedule office: hold 4 from 09:04 Fri Europe\/Berlin, launching ahead of it/,
  },
  {
    name: 'launches for a schedule that is a boot of this fleet away',
    snapshot: snapshotOf([bridgeOf(1)]),
    policy: scheduled({ hold: 4, from: '09:10' }),
    memory: memoryOf({ bootSeconds: [300, 540, 300] }),
    actions: ['launch 3'],
  },
  {
    name: 'does not launch earlier than that',
    snapshot: snapshotOf([bridgeOf(1)]),
    policy: scheduled({ hold: 4, from: '09:10' }),
    actions: [],
  },
  {
    name: 'does not drain what a schedule wants within the hour',
    snapshot: snapshotOf([1, 2, 3, 4].map((index) => bridgeOf(index, idle))),
    policy: scheduled({ hold: 3, from: '09:30' }),
    memory: memoryOf(waited),
    actions: ['drain 1'],
    reason: /needs 1 \(3 within the hour\)/,
  },
  {
    name: 'launches what a schedule holds without load data',
    snapshot: snapshotOf([bridgeOf(1)], lateHeartbeats),
    policy: scheduled({ hold: 4 }),
    actions: ['launch 3'],
    reason: /load data is 540 s old: hold 4/,
  },
  {
    name: 'drains what a schedule does not allow, without a cooldown',
    snapshot: snapshotOf([1, 2, 3].map((index) => bridgeOf(index, busy))),
    policy: scheduled({ max: 2 }),
    actions: ['drain 1'],
    reason: /max 2; schedule office: max 2 until/,
  },
  {
    name: 'does not drain for a schedule without load data',
    snapshot: snapshotOf(
      [1, 2, 3].map((index) => bridgeOf(index, busy)),
      lateHeartbeats,
    ),
    policy: scheduled({ max: 2 }),
    actions: [],
  },
  {
    name: "follows the operator's number instead of a schedule",
    snapshot: snapshotOf([bridgeOf(1), bridgeOf(2)], {
      overrides: { scale: { to: 1, until: now + 1 } },
    }),
    policy: scheduled({ min: 3, hold: 4 }),
    actions: ['drain 1'],
    reason:
      /operator scaled to 1; schedule office: min 3, hold 4 until .+; the operator's scale overrides it/,
  },
  {
    name: "keeps to the operator's bounds instead of a schedule",
    snapshot: snapshotOf([bridgeOf(1)], { overrides: { bounds: { max: 2, until: now + 1 } } }),
    policy: scheduled({ hold: 4 }),
    actions: ['launch 1'],
    reason: /hold 4 until .+; the operator's bounds override it/,
  },
  {
    name: 'says which max keeps a schedule from its number',
    snapshot: snapshotOf([bridgeOf(1)]),
    policy: { ...policyOf(), schedules: [scheduleOf({ hold: 12 })] },
    actions: ['launch 9'],
    reason: /schedule office: hold 12 until .+; limited by max 10/,
  },
];

/** 2027-01-15T08:00Z, when it is 09:00 on a Friday in Berlin. */
function scheduled(changes: Parameters<typeof scheduleOf>[0]): Policy {
  return policyOf({ schedules: [scheduleOf({ hold: undefined, ...changes })] });
}

test.each(rows)('$name', ({ snapshot, policy, memory, actions, reason }) => {
  const decision = decide(snapshot, policy ?? policyOf(), memory ?? memoryOf());
  expect(actionsOf(decision)).toEqual(actions);
  expect(wordsOf(decision)).toMatch(reason ?? /./);
});

describe('launch requests', () => {
  const launchOf = (decision: Decision) =>
    decision.actions.flatMap((action) => (action.kind === 'launch' ? [action] : []))[0];

  test('the request is in memory before it is sent, and is repeated word for word', () => {
    const first = decide(snapshotOf([]), policyOf({ min: 2 }), memoryOf());
    expect(first.memory.pendingLaunch).toEqual(launchOf(first)?.request);
    const later = snapshotOf([], { now: now + 60 });
    const second = decide(later, policyOf({ min: 2 }), first.memory);
    expect(launchOf(second)).toMatchObject({
      attempt: 'repeat',
      request: first.memory.pendingLaunch,
    });
  });

  test('a pending launch whose bridges EC2 all lists is settled, not repeated', () => {
    const { memory } = decide(snapshotOf([]), policyOf({ min: 1 }), memoryOf());
    const { token: launchToken = '' } = memory.pendingLaunch ?? {};
    const bridges = [bootingOf(1, { launchToken, launchedAt: now })];
    const after = decide(snapshotOf(bridges, { now: now + 60 }), policyOf({ min: 1 }), memory);
    expect(launchOf(after)).toBeUndefined();
    expect(after.memory.pendingLaunch).toBeUndefined();
  });

  test('a pending launch without room waits until EC2 would list it, then is given up', () => {
    const { memory } = decide(snapshotOf([]), policyOf({ min: 3 }), memoryOf());
    const bridges = [bridgeOf(1), bridgeOf(2)];
    const after = (seconds: number) =>
      decide(snapshotOf(bridges, { now: now + seconds }), policyOf({ min: 1, max: 2 }), memory);
    expect(launchOf(after(120))).toBeUndefined();
    expect(after(120).memory.pendingLaunch).toEqual(memory.pendingLaunch);
    expect(wordsOf(after(120))).toMatch(/no room for it/);
    expect(launchOf(after(180))).toBeUndefined();
    expect(after(180).memory.pendingLaunch).toBeUndefined();
    expect(wordsOf(after(180))).toMatch(/gave up/);
  });

  test('on-demand base first, then the spot share, pools without capacity left out', () => {
    const snapshot = snapshotOf([bridgeOf(1)]);
    const decision = decide(
      { ...snapshot, launch: { ...snapshot.launch, onDemandBase: 2, spotPercent: 50 } },
      policyOf({ min: 6 }),
      memoryOf({
        refusals: [
          { pool: 'c6i.xlarge/subnet-a', market: 'on-demand', until: now + 1 },
          { pool: 'c6i.xlarge/subnet-b', market: 'on-demand', until: now },
        ],
      }),
    );
    expect(launchOf(decision)?.request).toMatchObject({
      onDemandCount: 3,
      spotCount: 2,
      excludedPools: ['c6i.xlarge/subnet-a'],
    });
  });

  test('two launches never have the same token', () => {
    const token = (decision: Decision) => launchOf(decision)?.request.token;
    const first = decide(snapshotOf([]), policyOf(), memoryOf());
    const settled = { ...first.memory, pendingLaunch: undefined };
    expect(token(decide(snapshotOf([]), policyOf(), settled))).not.toBe(token(first));
  });
});

test('after a drain the cooldown starts again', () => {
  const snapshot = snapshotOf([1, 2, 3].map((index) => bridgeOf(index, idle)));
  const first = decide(
    snapshot,
    policyOf(),
    memoryOf({ scaleInPending: { since: 0, mostNeeded: 2 } }),
  );
  expect(actionsOf(first)).toEqual(['drain 1']);
  expect(actionsOf(decide(snapshot, policyOf(), first.memory))).toEqual([]);
});

test('missing data restarts the cooldown', () => {
  const stale = snapshotOf([bridgeOf(1), bridgeOf(2, idle)], lateHeartbeats);
  expect(decide(stale, policyOf(), memoryOf(waited)).memory.scaleInPending).toBeUndefined();
});

test('what the operator scaled down is undrained when load returns after the override', () => {
  const six = [1, 2, 3, 4, 5, 6].map((index) => bridgeOf(index, idle));
  const scale = { to: 3, until: now + 1 };
  const muc = { drainKind: 'reversible' } as const;
  const ordered = decide(snapshotOf(six, { ...muc, overrides: { scale } }), policyOf(), memoryOf());
  const drains = ordered.actions.flatMap((action) => (action.kind === 'drain' ? [action] : []));
  expect(drains.map(({ by }) => by)).toEqual(['autoscaler', 'autoscaler', 'autoscaler']);

  const drained = new Map(drains.map(({ instanceId, by }) => [instanceId, by]));
  const returned = six.map((bridge) => {
    const by = drained.get(bridge.instanceId);
    const draining = by !== undefined;
    const stressRatio = draining ? 0 : 1.3;
    const load = { reports: historyOf({ stressRatio, participantCount: 20, draining }) };
    return {
      ...bridge,
      ...load,
      ...(draining ? { drain: { since: now - 600, by, reason: '' } } : {}),
    };
  });
  const after = decide(snapshotOf(returned, muc), policyOf(), ordered.memory);
  expect(after.numbers.needed).toBe(7);
  expect([...actionsOf(after)].sort()).toEqual([
    'launch 1',
    ...[...drained.keys()].map((id) => `undrain ${parseInt(id.slice(2), 16)}`).sort(),
  ]);
});
