import {
  adHocSeconds,
  attend,
  drawMeeting,
  scheduledSeconds,
  type OnSession,
} from '../workload/conferences';
import type { Knobs } from '../workload/knobs';
import type { Random } from '../workload/random';

const stepSeconds = 300;
const quarter = 900;

/** A conference, and the stay of each of its members. */
interface Meeting {
  readonly endAt: number;
  joins: number[];
  leaves: number[];
}

/**
 * Draws meetings so that the number of people follows a recorded curve: when people are missing at
 * the end of 5 minutes, conferences begin in them, of sizes and lengths as the benchmark's; when
 * too many are there, those end first that would have ended soonest. So peaks are where they were,
 * and chance decides only who is with whom.
 *
 * @param curve people present at `from + 300 i` seconds
 */
export function drawMeetings(
  from: number,
  curve: Float64Array,
  knobs: Knobs,
  random: Random,
  onSession: OnSession,
): void {
  const crowd = new Crowd(from, curve.length);
  for (let step = 1; step < curve.length; step += 1) {
    const at = from + (step - 1) * stepSeconds;
    const wanted = curve[step] ?? 0;
    crowd.forget(at);
    for (;;) {
      const missing = wanted - crowd.presentAt(step);
      const meeting = missing < 1 ? undefined : draw(at, knobs, random);
      // The one that would overshoot by more than is missing waits until there is room: on average
      // the curve is met.
      if (meeting === undefined || meeting.joins.length > 2 * missing) break;
      crowd.add(meeting);
    }
    crowd.endSurplus(step, wanted, () => at + random.uniform() * stepSeconds);
  }
  crowd.forEach(onSession);
}

function draw(at: number, knobs: Knobs, random: Random): Meeting {
  const isScheduled = random.chance(knobs.scheduledShare);
  const planned = isScheduled ? scheduledSeconds(knobs, random) : adHocSeconds(knobs, random);
  const { seconds, size } = drawMeeting(planned, knobs, random);
  const isOnTime = isScheduled && at % quarter === 0;
  const start = isOnTime ? at : at + random.uniform() * stepSeconds;
  const meeting: Meeting = { endAt: start + seconds, joins: [], leaves: [] };
  attend(0, { start, seconds, size }, knobs, random, (_, joinAt, leaveAt) => {
    meeting.joins.push(joinAt);
    meeting.leaves.push(leaveAt);
  });
  return meeting;
}

/** All meetings so far, and how many people are in them at the end of each step. */
class Crowd {
  private readonly present: Int32Array;
  private readonly all: Meeting[] = [];
  /** Running ones, the first to end first. */
  private running: Meeting[] = [];

  constructor(
    private readonly from: number,
    steps: number,
  ) {
    this.present = new Int32Array(steps);
  }

  presentAt(step: number): number {
    return this.present[step] ?? 0;
  }

  add(meeting: Meeting): void {
    this.all.push(meeting);
    let place = this.running.length;
    while (place > 0 && (this.running[place - 1]?.endAt ?? 0) > meeting.endAt) place -= 1;
    this.running.splice(place, 0, meeting);
    this.count(meeting, 1);
  }

  forget(now: number): void {
    this.running = this.running.filter(({ endAt }) => endAt > now);
  }

  /** Ends meetings early until no more people are there at the end of a step than wanted. */
  endSurplus(step: number, wanted: number, endOf: () => number): void {
    const until = this.from + step * stepSeconds;
    for (const meeting of this.running) {
      const surplus = this.presentAt(step) - wanted;
      if (surplus < 1) return;
      const here = meeting.joins.filter(
        (joinAt, index) => joinAt <= until && (meeting.leaves[index] ?? 0) > until,
      ).length;
      if (here === 0 || here > 2 * surplus) continue;
      this.cut(meeting, endOf());
    }
  }

  forEach(onSession: OnSession): void {
    for (const [conference, { joins, leaves }] of this.all.entries())
      for (const [index, joinAt] of joins.entries())
        onSession(conference, joinAt, leaves[index] ?? joinAt);
  }

  private cut(meeting: Meeting, endAt: number): void {
    this.count(meeting, -1);
    const stays = meeting.joins
      .map((joinAt, index) => ({ joinAt, leaveAt: Math.min(endAt, meeting.leaves[index] ?? 0) }))
      .filter(({ joinAt, leaveAt }) => leaveAt > joinAt);
    meeting.joins = stays.map(({ joinAt }) => joinAt);
    meeting.leaves = stays.map(({ leaveAt }) => leaveAt);
    this.count(meeting, 1);
  }

  private count({ joins, leaves }: Meeting, sign: 1 | -1): void {
    for (const [index, joinAt] of joins.entries()) {
      const first = Math.max(0, Math.ceil((joinAt - this.from) / stepSeconds));
      const end = Math.min(
        this.present.length,
        Math.ceil(((leaves[index] ?? 0) - this.from) / stepSeconds),
      );
      for (let step = first; step < end; step += 1)
        this.present[step] = (this.present[step] ?? 0) + sign;
    }
  }
}
