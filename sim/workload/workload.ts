import { day, week, type Envelope } from './calendar';
import { generateConferences, generateSurprises } from './conferences';
import { Timeline, type Demand } from './demand';
import { HistoryBins, type LoadSample } from './history';
import type { Knobs } from './knobs';
import { withoutPeerToPeer } from './peer-to-peer';
import { Random } from './random';
import { SessionList } from './sessions';

/** How long the fleet runs before the scored week begins. */
export const warmUpSeconds = day / 4;

export interface WorkloadSettings {
  readonly seed: number;
  readonly knobs: Knobs;
  readonly envelope: Envelope;
  /** Start of the scored week, epoch seconds. */
  readonly startAt: number;
  /** Weeks of history before it; the first conferences of them run from the start. */
  readonly historyWeeks: number;
  /** Two-person calls are not on bridges. */
  readonly peerToPeer: boolean;
  readonly stressPerParticipant: number;
}

/**
 * What happens to the fleet, whoever controls it. Times in seconds from the start of the scored
 * week.
 */
export interface Workload {
  readonly startAt: number;
  /** How long it is scored. */
  readonly scoredSeconds: number;
  readonly conferenceCount: number;
  readonly sessions: SessionList;
  readonly timeline: Timeline;
  readonly demand: Demand;
  /** 5-minute loads before the scored week, epoch seconds. */
  readonly history: readonly LoadSample[];
}

/** The range that is simulated, from the start of the scored week. */
export const simulated = { from: -warmUpSeconds, to: week } as const;

export function makeWorkload(settings: WorkloadSettings): Workload {
  const { seed, knobs, envelope, startAt, historyWeeks } = settings;
  const past = { from: startAt - historyWeeks * week, to: startAt };
  const sessions = new SessionList();
  const historySessions = new SessionList();
  const generate = (from: number, to: number, purpose: string, first: number) => {
    const add = (conference: number, joinAt: number, leaveAt: number) => {
      // Calls that last into the simulated time are in both.
      if (leaveAt > startAt + simulated.from)
        sessions.add(first + conference, joinAt - startAt, leaveAt - startAt);
      if (joinAt < startAt) historySessions.add(first + conference, joinAt, leaveAt);
    };
    const random = new Random(seed, purpose);
    return first + generateConferences({ from, to }, envelope, knobs, random, add);
  };
  // A day ahead of what is kept, so that long calls are there from its start.
  const before = generate(Math.min(past.from, startAt - day) - day, startAt, 'history', 0);
  const scored = generate(startAt, startAt + week, 'scored week', before);
  const conferenceCount = generateSurprises(
    { from: startAt, to: startAt + week },
    envelope,
    knobs,
    new Random(seed, 'surprises'),
    scored,
    (conference, joinAt, leaveAt) => sessions.add(conference, joinAt - startAt, leaveAt - startAt),
  );
  const carried = settings.peerToPeer ? cut(sessions) : sessions;
  const bins = new HistoryBins(past);
  const pastSessions = settings.peerToPeer ? cut(historySessions) : historySessions;
  for (let index = 0; index < pastSessions.length; index += 1)
    bins.add(pastSessions.joinAt(index), pastSessions.leaveAt(index));
  const timeline = new Timeline(carried, simulated);
  return {
    startAt,
    scoredSeconds: week,
    conferenceCount,
    sessions: carried,
    timeline,
    demand: timeline.demand(),
    history: historyWeeks === 0 ? [] : bins.samples(settings.stressPerParticipant),
  };
}

function cut(sessions: SessionList): SessionList {
  const into = new SessionList();
  withoutPeerToPeer(sessions, into);
  return into;
}
