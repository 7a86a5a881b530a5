import { hour } from '../workload/calendar';
import { Timeline } from '../workload/demand';
import { historyBinSeconds } from '../workload/history';
import { defaultKnobs } from '../workload/knobs';
import { Random } from '../workload/random';
import { SessionList } from '../workload/sessions';
import { simulated, type Workload } from '../workload/workload';
import { drawMeetings } from './meetings';
import { cutOf, type Recording } from './recording';
import { rushOfTheHour } from './rush';
import { heldAt, isRecorded, type Series } from './series';

/** Drawn before the simulation starts, so that long calls are there from its start. */
const leadSeconds = 6 * hour;

/**
 * Meetings whose people make the recorded load, and the recorded load itself as the history that
 * the decision learns from.
 */
export function replayedWorkload(recording: Recording, seed: number): Workload {
  const { load, stressPerParticipant } = recording;
  const { scoredFrom, scoredSeconds } = cutOf(recording);
  const from = scoredFrom + simulated.from - leadSeconds;
  const sessions = new SessionList();
  let conferenceCount = 0;
  drawMeetings(
    from,
    peopleCurve(load, stressPerParticipant, from, scoredFrom + scoredSeconds),
    defaultKnobs,
    new Random(seed, 'replay'),
    (conference, joinAt, leaveAt) => {
      conferenceCount = Math.max(conferenceCount, conference + 1);
      if (leaveAt > scoredFrom + simulated.from)
        sessions.add(conference, joinAt - scoredFrom, leaveAt - scoredFrom);
    },
  );
  const timeline = new Timeline(sessions, { from: simulated.from, to: scoredSeconds });
  return {
    startAt: scoredFrom,
    scoredSeconds,
    conferenceCount,
    sessions,
    timeline,
    demand: timeline.demand(),
    history: load.values
      .map((value, index) => ({ at: load.startAt + index * historyBinSeconds, load: value }))
      .filter(({ at }) => at < scoredFrom && isRecorded(load, at)),
  };
}

/**
 * People every 300 s from `from` on; before the recording begins they are as many as at its begin.
 */
export function peopleCurve(
  load: Series,
  stressPerParticipant: number,
  from: number,
  to: number,
): Float64Array {
  const rush = load.stepSeconds > 2 * historyBinSeconds ? rushWithin(load) : () => 1;
  const people = (at: number) => (heldAt(load, at) * rush(at)) / stressPerParticipant;
  const count = Math.round((to - from) / historyBinSeconds) + 1;
  return Float64Array.from({ length: count }, (_, index) => {
    const at = from + index * historyBinSeconds;
    return (people(at - historyBinSeconds) + people(at)) / 2;
  });
}

/**
 * The rush of the hour relative to its mean over one step of the recording, whose averages so stay
 * what they were.
 */
function rushWithin({ stepSeconds, startAt }: Series): (at: number) => number {
  const rush = rushOfTheHour();
  const inHour = (at: number) =>
    rush[Math.floor((((at % hour) + hour) % hour) / historyBinSeconds)] ?? 1;
  const bins = Math.max(1, Math.round(Math.min(hour, stepSeconds) / historyBinSeconds));
  return (at) => {
    const start = at - ((at - startAt) % (bins * historyBinSeconds));
    let sum = 0;
    for (let bin = 0; bin < bins; bin += 1) sum += inHour(start + bin * historyBinSeconds);
    return (inHour(at) * bins) / sum;
  };
}
