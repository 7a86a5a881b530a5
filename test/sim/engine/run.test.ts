import fc from 'fast-check';
import type { Action, Controller } from '../../../sim/controllers/controller';
import { runWeek } from '../../../sim/engine/run';
import { noFaults, type WorldSettings } from '../../../sim/engine/settings';
import { hour, ordinaryMonday, week, workingWeek } from '../../../sim/workload/calendar';
import { defaultKnobs } from '../../../sim/workload/knobs';
import { makeWorkload } from '../../../sim/workload/workload';
import { crowd, launch, onBridge, script, workloadOf, worldOf, type Stay } from '../worlds';

const idle = script([]);
const weekHours = week / hour;

function run(
  stays: readonly Stay[],
  controller: Controller = idle,
  world: Partial<WorldSettings> = {},
) {
  return runWeek(workloadOf(stays), worldOf(world), controller).ledger;
}

describe('an empty week', () => {
  const ledger = run([]);
  test('bills the one bridge that it starts with for all of it', () => {
    expect(ledger.bridgeSeconds).toBe(week);
  });
  test('has neither participants nor shortages', () => {
    expect(ledger.participantSeconds).toBe(0);
    expect(ledger.shortages).toEqual([]);
  });
});

describe('participants on one bridge', () => {
  test('80 are not overloaded, but there is no free seat', () => {
    const ledger = run(crowd(80, 1, 1000, 1600));
    expect(ledger.participantSeconds).toBe(80 * 600);
    expect(ledger.overloadedSeconds).toBe(0);
    expect(ledger.shortages).toEqual([600]);
  });
  test('81 are overloaded, all of them', () => {
    const ledger = run([...crowd(80, 1, 1000, 1600), [1, 1100, 1200]]);
    expect(ledger.overloadedSeconds).toBe(81 * 100);
    expect(ledger.overloadedAt1Seconds).toBe(0);
  });
  test('101 are above stress 1', () => {
    const ledger = run([...crowd(100, 1, 1000, 1600), [1, 1100, 1110]]);
    expect(ledger.overloadedSeconds).toBe(100 * 590 + 101 * 10);
    expect(ledger.overloadedAt1Seconds).toBe(101 * 10);
  });
  test('what happens before the scored week does not count', () => {
    const ledger = run(crowd(90, 1, -1000, 100));
    expect(ledger.participantSeconds).toBe(90 * 100);
    expect(ledger.overloadedSeconds).toBe(90 * 100);
  });
  test('more stress per participant means fewer seats', () => {
    const ledger = run(crowd(54, 1, 0, 100), idle, { stressPerParticipant: 0.015 });
    expect(ledger.overloadedSeconds).toBe(54 * 100);
  });
});

describe('bridges', () => {
  test('a launch is billed from its call, and takes participants from its boot on', () => {
    const controller = script([[1000, launch(1)]]);
    // The tick after 1000 s is at 1040 s; the bridge is there at 1160 s.
    const stays = [
      ...crowd(80, 1, 900, 3000),
      ...crowd(10, 2, 1150, 3000),
      ...crowd(10, 3, 1170, 3000),
    ];
    const ledger = run(stays, controller);
    expect(ledger.launches).toBe(1);
    expect(ledger.bridgeSeconds).toBe(week + week - 1040);
    expect(ledger.overloadedSeconds).toBe(90 * (3000 - 1150));
    expect(ledger.shortages).toEqual([1160 - 900]);
  });
  test('a drained empty bridge is gone after a minute', () => {
    const controller = script([
      [1000, launch(1)],
      [2000, onBridge('drain', 1)],
    ]);
    const ledger = run([], controller);
    // Drained by the tick at 2000 s, launched by that at 1040 s.
    expect(ledger.bridgeSeconds).toBe(week + 2000 + 60 - 1040);
    expect(ledger.drainSeconds).toBe(60);
  });
  test('a draining one keeps its participants, and new ones go elsewhere', () => {
    const controller = script([
      [0, launch(1)],
      [2000, onBridge('drain', 0)],
    ]);
    const ledger = run([...crowd(2, 1, 1000, 5000), [1, 3000, 9000]], controller);
    expect(ledger.forcedDisconnects).toBe(0);
    expect(ledger.drainSeconds).toBe(5000 + 60 - 2000);
  });
  test('when all drain they take participants all the same', () => {
    const ledger = run([[1, 3000, 9000]], script([[2000, onBridge('drain', 0)]]));
    // It is empty for a minute and gone before anyone comes.
    expect(ledger.refusedSeconds).toBe(6000);
    expect(run([[1, 2010, 9000]], script([[2000, onBridge('drain', 0)]])).refusedSeconds).toBe(0);
  });
  test('one that is undrained stays', () => {
    const controller = script([
      [2000, onBridge('drain', 0)],
      [2030, onBridge('undrain', 0)],
    ]);
    const stays: readonly Stay[] = [[1, 0, 2050]];
    const ledger = run(stays, controller);
    expect([ledger.undrains, ledger.bridgeSeconds]).toEqual([1, week]);
    expect(run(stays, controller, { isDrainReversible: false }).undrains).toBe(0);
  });
  test('terminating one with participants is a forced disconnect of each', () => {
    const controller = script([
      [0, launch(1)],
      [2000, onBridge('terminate', 0)],
    ]);
    const ledger = run(crowd(7, 1, 1000, 5000), controller);
    expect(ledger.forcedDisconnects).toBe(7);
    expect(ledger.participantSeconds).toBe(7 * 4000);
  });
  test('retiring one with participants does nothing', () => {
    const controller: Controller = {
      ...script([
        [2000, onBridge('drain', 0)],
        [3000, onBridge('retire', 0)],
        [6000, onBridge('retire', 0)],
      ]),
      endsBridges: true,
    };
    const ledger = run(crowd(7, 1, 1000, 5000), controller);
    expect(ledger.forcedDisconnects).toBe(0);
    expect(ledger.bridgeSeconds).toBe(6020);
  });
  test('an empty one is recycled in 20 s', () => {
    const controller = script([
      [2000, onBridge('drain', 0)],
      [2060, onBridge('recycle', 0)],
    ]);
    const stays: readonly Stay[] = [
      [1, 0, 2030],
      [2, 2070, 3000],
      [3, 2110, 3000],
    ];
    const ledger = run(stays, controller);
    expect(ledger.recycles).toBe(1);
    expect(ledger.refusedSeconds).toBe(930);
  });
});

describe('faults', () => {
  test('a launch without capacity gives nothing', () => {
    const faults = { ...noFaults, capacityRefused: [{ from: 900, to: 1100 }] };
    const ledger = run([], script([[1000, launch(3)]]), { faults });
    expect([ledger.launches, ledger.refusedLaunches, ledger.bridgeSeconds]).toEqual([0, 3, week]);
  });
  test('a bridge that never reports is billed until it is given up after 15 min', () => {
    const faults = { ...noFaults, neverReportShare: 1 };
    const ledger = run([], script([[1000, launch(1)]]), { faults });
    expect(ledger.bridgeSeconds).toBe(week + 1980 - 1040);
  });
  test('a lost zone throws its participants out, which is not the doing of the controller', () => {
    const faults = { ...noFaults, zoneLosses: [{ at: 3000, zone: 0 }] };
    const ledger = run(crowd(5, 1, 1000, 5000), script([[0, launch(1)]]), { faults });
    expect([ledger.faultDisconnects, ledger.forcedDisconnects]).toEqual([5, 0]);
    expect(ledger.refusedSeconds).toBe(0);
  });
  test('metrics that are absent stay what they were', () => {
    const faults = { ...noFaults, metricsAbsent: [{ from: 1000, to: 2000 }] };
    const ages: number[] = [];
    run(
      [],
      {
        intervalSeconds: 15,
        decide: (observation) => {
          const now = observation.now - ordinaryMonday;
          if (now > 500 && now < 3000) ages.push(observation.now - (observation.metricsAt ?? 0));
          return [];
        },
      },
      { faults },
    );
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...ages)).toBeGreaterThan(1000);
  });
});

test('metrics are 5–75 s old', () => {
  const ages: number[] = [];
  run(crowd(5, 1, 0, week), {
    intervalSeconds: 15,
    decide: ({ now, metricsAt, bridges }) => {
      if (now > ordinaryMonday) {
        ages.push(now - (metricsAt ?? 0));
        for (const { metrics } of bridges) if (metrics?.at !== metricsAt) ages.push(Infinity);
      }
      return [];
    },
  });
  expect(Math.min(...ages)).toBeGreaterThanOrEqual(5);
  expect(Math.max(...ages)).toBeLessThanOrEqual(75);
});

const small = makeWorkload({
  seed: 4,
  knobs: { ...defaultKnobs, peakParticipants: 60 },
  envelope: workingWeek(),
  startAt: ordinaryMonday,
  historyWeeks: 0,
  peerToPeer: false,
  stressPerParticipant: 0.01,
});

/** Does anything, by numbers from outside. */
function wild(choices: readonly number[]): Controller {
  let next = 0;
  const choose = (count: number) => (choices[next++ % choices.length] ?? 0) % count;
  return {
    intervalSeconds: 600,
    decide({ bridges }) {
      const id = bridges[choose(Math.max(1, bridges.length))]?.id ?? 'i-none';
      const kinds = ['drain', 'undrain', 'recycle', 'retire', 'terminate'] as const;
      const actions: Action[] = [{ kind: 'launch', count: bridges.length > 20 ? 0 : choose(3) }];
      const kind = kinds[choose(kinds.length)];
      return kind === undefined ? actions : [...actions, { kind, id }];
    },
  };
}

test('whatever a controller does, every participant-second is somewhere, and the bill is the sum of lives', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100), { minLength: 5, maxLength: 40 }), (choices) => {
      const result = runWeek(small, worldOf({ seed: 9 }), wild(choices), { keepSamples: true });
      const { ledger, samples } = result;
      expect(ledger.participantSeconds).toBeCloseTo(small.demand.participantSeconds, 0);
      const sampled = samples.reduce((sum, s) => sum + s.active + s.draining + s.booting, 0) / 60;
      // Minutes are sampled, lives are exact.
      expect(Math.abs(sampled - ledger.bridgeSeconds / 3600)).toBeLessThan(0.02 * weekHours);
      expect(ledger.overloadedAt1Seconds).toBeLessThanOrEqual(ledger.overloadedSeconds);
      expect(ledger.refusedSeconds).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 20 },
  );
});

test.each([0, -1, NaN, Infinity])('a controller cannot tick every %d s', (intervalSeconds) => {
  expect(() => run([], { intervalSeconds, decide: () => [] })).toThrow(RangeError);
});

test.each([NaN, Infinity, 1e9])('a controller cannot launch %d bridges', (count) => {
  expect(() => run([], script([[0, launch(count)]]))).toThrow(RangeError);
});

test('the same controller in the same world gives the same week', () => {
  const once = () => runWeek(small, worldOf({ seed: 9 }), wild([3, 1, 4, 1, 5, 9, 2, 6])).ledger;
  expect(once()).toEqual(once());
});
