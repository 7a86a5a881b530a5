import { policySchema } from '../../../lambdas/core/model/policy';
import { replay, type ReplaySettings } from '../../../sim/replay/replay';
import { cutOf, type Recording } from '../../../sim/replay/recording';
import { peopleCurve, replayedWorkload } from '../../../sim/replay/replayed-workload';
import { rushOfTheHour } from '../../../sim/replay/rush';
import { seriesOf } from '../../../sim/replay/series';

const day = 86_400;
const start = Date.UTC(2026, 2, 2) / 1000;

/** A load that is high from 8 to 16 h, as recorded every `stepSeconds`. */
function recordingOf(days: number, stepSeconds = 300, high = 3): Recording {
  const points = Array.from({ length: (days * day) / stepSeconds }, (_, index) => {
    const hour = ((index * stepSeconds) % day) / 3600;
    return { at: start + index * stepSeconds, value: hour >= 8 && hour < 16 ? high : 0.4 };
  });
  return { load: seriesOf(points), stressPerParticipant: 0.01 };
}

const settingsOf = (
  recording: Recording,
  runners: ReplaySettings['runners'],
  generation: ReplaySettings['generation'] = 'muc',
): ReplaySettings => ({
  recording,
  runners,
  policy,
  generation,
  bootMedianSeconds: 120,
  seeds: [1],
});
const policy = policySchema.parse({ min: 1, max: 20 });

test('the drawn people follow the recorded load, up and down', () => {
  const recording = recordingOf(2);
  const { demand } = replayedWorkload(recording, 1);
  const at = (hours: number) => demand.maximum(hours * 3600, hours * 3600);
  for (const night of [3, 7, 20, 31]) expect(Math.abs(at(night) - 40)).toBeLessThan(15);
  for (const noon of [9, 12, 15, 36]) expect(Math.abs(at(noon) - 300)).toBeLessThan(30);
  const people = recording.load.values.reduce((sum, value) => sum + value * 100 * 300, 0);
  expect(demand.participantSeconds / people).toBeGreaterThan(0.95);
  expect(demand.participantSeconds / people).toBeLessThan(1.08);
});

test('the same seed draws the same meetings, another one others', () => {
  const sessionsOf = (seed: number) => {
    const { sessions } = replayedWorkload(recordingOf(1), seed);
    return [sessions.length, sessions.joinAt(100), sessions.leaveAt(200)];
  };
  expect(sessionsOf(1)).toEqual(sessionsOf(1));
  expect(sessionsOf(1)).not.toEqual(sessionsOf(2));
});

test('the last seven days are scored and the ones before are the history', () => {
  const recording = recordingOf(9);
  const { scoredFrom, scoredSeconds, historySeconds } = cutOf(recording);
  expect([scoredFrom, scoredSeconds, historySeconds]).toEqual([start + 2 * day, 7 * day, 2 * day]);
  const { history } = replayedWorkload(recording, 1);
  expect(history).toHaveLength((2 * day) / 300);
  expect(history.at(-1)).toEqual({ at: start + 2 * day - 300, load: 0.4 });
});

test('less than a week is scored as it is, from a cold start', () => {
  const recording = recordingOf(1);
  expect(replayedWorkload(recording, 1).history).toEqual([]);
  const { runners, participants } = replay(settingsOf(recording, [{ kind: 'static' }]), () => {});
  // 300 people need 4 bridges of 80 seats, all of the day; chance may need one more.
  expect([4, 5]).toContain((runners[0]?.bridgeHours ?? 0) / 24);
  expect(participants).toHaveLength(day / 300);
});

test('a policy with a lower target runs more bridges, with less overload', () => {
  const lower = policySchema.parse({ min: 1, max: 20, targetStress: 0.4 });
  const { runners } = replay(
    settingsOf(recordingOf(3), [
      { kind: 'policy', name: 'usual', policy },
      { kind: 'policy', name: 'lower', policy: lower },
    ]),
    () => {},
  );
  const [usual, low] = runners;
  expect([usual?.name, low?.name]).toEqual(['usual', 'lower']);
  expect(low?.bridgeHours).toBeGreaterThan(1.2 * (usual?.bridgeHours ?? Infinity));
  expect(low?.overloadShare).toBeLessThanOrEqual(usual?.overloadShare ?? 0);
  expect(runners.map(({ forcedDisconnects }) => forcedDisconnects)).toEqual([0, 0]);
});

test('what really ran is counted from the recording, and its overload simulated', () => {
  const recording = recordingOf(1);
  const ran = seriesOf(
    recording.load.values.map((_, index) => ({
      at: start + index * 300,
      value: index < 96 || index >= 192 ? 1 : 2,
    })),
  );
  const { runners } = replay(settingsOf({ ...recording, ran }, [{ kind: 'recorded' }]), () => {});
  expect(runners[0]).toMatchObject({ bridgeHours: 32, launches: 1, mostBridges: 2 });
  // From 8 to 16 h 300 people are on two bridges of 80 seats: 2400 of 3040 hours in calls.
  expect(runners[0]?.overloadShare).toBeCloseTo(2400 / 3040, 1);
});

test('a call of generation component stays on its bridge', () => {
  const run = (generation: 'component' | 'muc') =>
    replay(settingsOf(recordingOf(2), [{ kind: 'static' }], generation), () => {}).runners[0]
      ?.overloadShare ?? 0;
  expect(run('component')).toBeGreaterThan(run('muc'));
});

test('the rush of the hour is added to coarse recordings, and leaves their averages alone', () => {
  const rush = rushOfTheHour();
  expect(rush).toHaveLength(12);
  expect(rush.indexOf(Math.max(...rush))).toBeLessThan(4);
  const { load } = recordingOf(2, 3600, 0.4);
  const curve = peopleCurve(load, 0.01, start, start + 2 * day);
  expect(Math.max(...curve)).toBeGreaterThan(41);
  expect(curve.reduce((sum, people) => sum + people, 0) / curve.length).toBeCloseTo(40, 1);
});

test('every run is told', () => {
  const done: number[] = [];
  const settings = settingsOf(recordingOf(1), [{ kind: 'static' }, { kind: 'static' }]);
  replay({ ...settings, seeds: [1, 2] }, (count) => done.push(count));
  expect(done).toEqual([1, 2, 3, 4]);
});
