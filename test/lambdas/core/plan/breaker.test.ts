import { afterLaunch, launchesAllowed, openSeconds } from '../../../../lambdas/core/plan/breaker';
import { leadSeconds } from '../../../../lambdas/core/model/lead-time';
import { watchBoots } from '../../../../lambdas/core/plan/boot-watch';
import { fleetStateOf } from '../../../../lambdas/core/model/fleet-state';
import type { Memory } from '../../../../lambdas/core/model/memory';
import type { ObservedBridge } from '../../../../lambdas/core/model/snapshot';
import {
  bootingOf,
  bridgeOf,
  idOf,
  memoryOf,
  now,
  policyOf,
  reportOf,
  snapshotOf,
} from '../snapshots';

function watch(bridges: readonly ObservedBridge[], memory: Memory) {
  const snapshot = snapshotOf(bridges);
  return watchBoots(fleetStateOf(snapshot, policyOf(), memory));
}

test.each<[string, Memory['breaker'], number]>([
  ['any number while boots succeed', { failures: 2 }, Infinity],
  ['none while it is open', { failures: 3, blockedUntil: now + 1 }, 0],
  ['one as a probe when it has waited', { failures: 3, blockedUntil: now }, 1],
  ['one when its end was lost', { failures: 5 }, 1],
  [
    'one when its end was set by a clock that was ahead',
    { failures: 3, blockedUntil: now + openSeconds + 1 },
    1,
  ],
])('may be launched: %s', (_name, breaker, count) => {
  expect(launchesAllowed(memoryOf({ breaker }), now)).toBe(count);
});

test('a probe blocks the next one; a launch with a closed breaker blocks nothing', () => {
  const open = memoryOf({ breaker: { failures: 3, blockedUntil: now } });
  expect(afterLaunch(open, now).breaker).toEqual({ failures: 3, blockedUntil: now + openSeconds });
  const closed = memoryOf({ breaker: { failures: 2 } });
  expect(afterLaunch(closed, now)).toEqual(closed);
});

describe('a launched bridge', () => {
  test.each<[string, readonly ObservedBridge[], number, Partial<Memory>]>([
    [
      'that EC2 does not list yet is waited for',
      [],
      now - 179,
      { booting: { [idOf(1)]: now - 179 }, breaker: { failures: 1 } },
    ],
    ['that EC2 lists no more has failed', [], now - 180, { booting: {}, breaker: { failures: 2 } }],
    [
      'that EC2 is ending has failed at once',
      [bootingOf(1, { state: 'shutting-down' })],
      now - 60,
      { booting: {}, breaker: { failures: 2 } },
    ],
    [
      'that is stopped has failed',
      [bootingOf(1, { state: 'stopped' })],
      now - 60,
      { booting: {}, breaker: { failures: 2 } },
    ],
    [
      'that is overdue has failed',
      [bootingOf(1, { launchedAt: now - 901 })],
      now - 901,
      { booting: {}, breaker: { failures: 2 } },
    ],
    [
      'that boots is watched',
      [bootingOf(1, { launchedAt: now - 60 })],
      now - 60,
      { booting: { [idOf(1)]: now - 60 }, breaker: { failures: 1 } },
    ],
    [
      'that reports closes the breaker, and its boot time is kept',
      [bridgeOf(1, { launchedAt: now - 200, reports: [reportOf()] })],
      now - 200,
      { booting: {}, breaker: { failures: 0 }, bootSeconds: [200] },
    ],
    [
      'that reports from before its launch closes the breaker, and tells no boot time',
      [bridgeOf(1, { launchedAt: now, reports: [reportOf()] })],
      now,
      { booting: {}, breaker: { failures: 0 }, bootSeconds: [] },
    ],
    [
      'that took more than an hour tells no boot time',
      [bridgeOf(1, { launchedAt: now - 3700, reports: [reportOf()] })],
      now - 3700,
      { booting: {}, breaker: { failures: 0 }, bootSeconds: [] },
    ],
    [
      'whose first report is out of sight tells no boot time',
      [bridgeOf(1, { launchedAt: now - 900, reports: [] })],
      now - 900,
      { bootSeconds: [] },
    ],
  ])('%s', (_name, bridges, launchedAt, expected) => {
    const memory = memoryOf({ booting: { [idOf(1)]: launchedAt }, breaker: { failures: 1 } });
    const snapshot = snapshotOf(bridges);
    // The last row's bridge has reported before the window; a single beat does not make it silent.
    const beats = bridges[0]?.reports.length === 0 && bridges[0].everReported ? 1 : 10;
    const seen = { ...snapshot, heartbeats: snapshot.heartbeats.slice(-beats) };
    const result = watchBoots(fleetStateOf(seen, policyOf(), memory));
    expect(result.memory).toMatchObject(expected);
  });

  test('the third failure in a row opens the breaker; without a new one it stays as it was', () => {
    const memory = memoryOf({
      booting: { [idOf(1)]: now - 300 },
      breaker: { failures: 2 },
    });
    const opened = watch([], memory);
    expect(opened.memory.breaker).toEqual({ failures: 3, blockedUntil: now + openSeconds });
    expect(opened.reasons).toEqual([{ code: 'BootFailed', instanceId: idOf(1), inARow: 3 }]);
    const waiting = memoryOf({ breaker: { failures: 3, blockedUntil: now + 7 } });
    expect(watch([], waiting).memory.breaker).toEqual(waiting.breaker);
  });
});

test.each<[string, readonly number[], number]>([
  ['a guess while there were no boots', [], 180],
  ['the guess at least while there were few', [100, 120], 180],
  ['the longest of few when that is longer', [100, 400], 400],
  ['the longest of the last boots', [100, 150, 90], 150],
  ['a minute at least', [20, 30, 40], 60],
])('lead time: %s', (_name, bootSeconds, seconds) => {
  expect(leadSeconds(memoryOf({ bootSeconds: [...bootSeconds] }))).toBe(seconds);
});
