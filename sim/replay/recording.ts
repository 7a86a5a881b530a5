import { week } from '../workload/calendar';
import { endOfSeries, type Series } from './series';

/** What is known of a fleet's past. */
export interface Recording {
  /** Σ stress × weight, in reference bridges. */
  readonly load: Series;
  /** Bridges that ran: booting, active and draining; absent when nobody wrote that down. */
  readonly ran?: Series;
  /** Bridges meant for calls: booting and active. Default: all that ran. */
  readonly wanted?: Series;
  /** Load that one participant causes. */
  readonly stressPerParticipant: number;
}

/** How a recording is cut. Times in epoch seconds. */
export interface Cut {
  /** Start of what is scored: the last seven days, or all when there is less. */
  readonly scoredFrom: number;
  readonly scoredSeconds: number;
  /** What the decision can learn from before that. */
  readonly historySeconds: number;
}

export function cutOf({ load }: Pick<Recording, 'load'>): Cut {
  const end = endOfSeries(load);
  const scoredSeconds = Math.min(week, end - load.startAt);
  const scoredFrom = end - scoredSeconds;
  return { scoredFrom, scoredSeconds, historySeconds: scoredFrom - load.startAt };
}
