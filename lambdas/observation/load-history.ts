import type { ReadingReason } from '../core/protocol/reason';
import type { EpochSeconds } from '../core/protocol/time';
import type { LoadSample } from '../core/model/snapshot';

/** Load of the last weeks; `problem` says that newer samples could not be read. */
export type LoadHistory = (now: EpochSeconds) => Promise<{
  readonly samples: readonly LoadSample[];
  readonly problem?: ReadingReason;
}>;

export type ReadLoads = (since: EpochSeconds, now: EpochSeconds) => Promise<readonly LoadSample[]>;

const keptSeconds = 28 * 24 * 3600;
const sampleSeconds = 300;

/** Newest samples are read again for so long: a minute may be published late. */
const unsettledSeconds = 1800;

/**
 * The history as a warm function keeps it: all of it is read once, and after that, every five
 * minutes, what is new. The same array is given until there is something new, since the forecast
 * is kept with it. A forecast is a help, no need: when it cannot be read, the tick goes on with
 * what there is.
 */
export function keptHistory(read: ReadLoads): LoadHistory {
  let samples: readonly LoadSample[] = [];
  let readFor: number | undefined;
  return async (now) => {
    const sample = Math.floor(now / sampleSeconds);
    if (readFor === sample) return { samples };
    const oldest = now - keptSeconds;
    const newest = samples.at(-1)?.at;
    const since = newest === undefined ? oldest : Math.max(oldest, newest - unsettledSeconds);
    try {
      const fresh = await read(since, now);
      const firstNew = fresh[0]?.at ?? Infinity;
      samples = [...samples.filter(({ at }) => at >= oldest && at < firstNew), ...fresh];
      readFor = sample;
      return { samples };
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown error';
      return { samples, problem: { code: 'HistoryUnreadable', error: name } };
    }
  };
}
