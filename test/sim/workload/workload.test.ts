import { day, hour, ordinaryMonday, workingWeek } from '../../../sim/workload/calendar';
import { defaultKnobs } from '../../../sim/workload/knobs';
import { makeWorkload, type WorkloadSettings } from '../../../sim/workload/workload';
import { scenarios } from '../../../sim/arena/scenarios';

const settings: WorkloadSettings = {
  seed: 1,
  knobs: defaultKnobs,
  envelope: workingWeek(),
  startAt: ordinaryMonday,
  historyWeeks: 2,
  peerToPeer: false,
  stressPerParticipant: 0.01,
};
const workload = makeWorkload(settings);
const small = { ...settings, knobs: { ...defaultKnobs, peakParticipants: 60 } };

test('the same seed gives the same week, another seed another one', () => {
  const first = makeWorkload(small);
  const again = makeWorkload(small);
  const other = makeWorkload({ ...small, seed: 2 });
  expect(again.sessions.length).toBe(first.sessions.length);
  expect(again.demand.participantSeconds).toBe(first.demand.participantSeconds);
  expect(again.history).toEqual(first.history);
  expect(other.demand.participantSeconds).not.toBe(first.demand.participantSeconds);
});

test('full working days peak near 1 800 participants, weekends far below, nights are almost empty', () => {
  const peak = (weekday: number) => workload.demand.maximum(weekday * day, (weekday + 1) * day - 1);
  for (const weekday of [1, 2, 3]) {
    expect(peak(weekday)).toBeGreaterThan(1500);
    expect(peak(weekday)).toBeLessThan(2400);
  }
  expect(peak(5)).toBeLessThan(0.25 * peak(1));
  expect(workload.demand.maximum(day + 3 * hour, day + 4 * hour)).toBeLessThan(100);
});

test('history is two weeks of complete 5-minute averages that end where the scored week begins', () => {
  const { history } = workload;
  expect(history).toHaveLength(2 * 7 * 288);
  expect(history[0]?.at).toBe(ordinaryMonday - 14 * day);
  expect(history.at(-1)?.at).toBe(ordinaryMonday - 300);
  const loads = history.map(({ load }) => load);
  expect(Math.max(...loads)).toBeGreaterThan(14);
  expect(Math.max(...loads)).toBeLessThan(22);
});

test('about six in ten scheduled conferences start at the full hour', () => {
  const { sessions } = workload;
  const starts = new Map<number, number[]>();
  for (let index = 0; index < sessions.length; index += 1) {
    const conference = sessions.conferenceOf(index);
    starts.set(conference, [...(starts.get(conference) ?? []), sessions.joinAt(index)]);
  }
  // The mean join of a larger conference is near its start; scheduled ones are 70 % of all.
  const minutes = [...starts.values()]
    .filter((joins) => joins.length >= 12)
    .map((joins) => {
      const early = [...joins].sort((a, b) => a - b).slice(0, Math.ceil(joins.length * 0.7));
      const start = early.reduce((sum, at) => sum + at, 0) / early.length;
      return (((start / 60) % 60) + 60) % 60;
    });
  const atFullHour = minutes.filter((minute) => minute < 3 || minute > 57).length;
  expect(atFullHour / minutes.length).toBeGreaterThan(0.35);
  expect(atFullHour / minutes.length).toBeLessThan(0.55);
});

test.each([
  ['S2', 300, 600],
  ['S3', 5500, 7800],
  ['S5', 1700, 2900],
])('the peak of %s is between %d and %d', (id, low, high) => {
  const scenario = scenarios.find((candidate) => candidate.id === id);
  const run = { ...(scenario?.run(1).workload ?? settings), historyWeeks: 0 };
  const mean = makeWorkload(run).demand.maximum(0, 7 * day);
  expect(mean).toBeGreaterThan(low);
  expect(mean).toBeLessThan(high);
});

test('an all-hands is in the scored week only', () => {
  const without = makeWorkload({ ...small, knobs: { ...small.knobs, surpriseShare: 0 } });
  const always = makeWorkload({ ...small, knobs: { ...small.knobs, surpriseShare: 1 } });
  expect(always.conferenceCount - without.conferenceCount).toBe(5);
  expect(always.history).toEqual(without.history);
});

test('the local clock moves by an hour at the change to summer time, and a holiday is quiet', () => {
  const run = scenarios.find(({ id }) => id === 'S8')?.run(1).workload ?? settings;
  const envelope = (at: number) => run.envelope(at);
  const { startAt } = run;
  // 08:30 UTC is 09:30 before and 10:30 after the change.
  expect(envelope(startAt + 8.4 * hour)).toBeCloseTo(envelope(startAt - 7 * day + 9.4 * hour), 2);
  const noon = [0, 1, 2, 3, 4].map((weekday) => envelope(startAt + weekday * day + 9 * hour));
  expect(noon.filter((rate) => rate < 0.2)).toHaveLength(1);
});
