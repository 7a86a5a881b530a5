import type { EpochSeconds } from '../protocol/time';
import type { LoadSample } from '../model/snapshot';

/** Length of a sample: CloudWatch keeps 5-minute points for 63 days. */
export const binSeconds = 300;
export const binsPerHour = 12;
export const binsPerDay = 288;
export const binsPerWeek = 2016;

/** Longest history that is looked at. */
const keptBins = 4 * binsPerWeek;

/**
 * Load by 5-minute bin, absolute (`floor(time ÷ 300)`), NaN where nothing is known. What is no
 * number, negative or not over yet is left out; of duplicates the highest counts.
 */
export interface LoadGrid {
  /** Oldest bin and newest bin with a value. */
  readonly first: number;
  readonly newest: number;
  /** Load of an absolute bin. */
  readonly at: (bin: number) => number;
}

/** @returns undefined when no sample can be used */
export function gridOf(history: readonly LoadSample[], now: EpochSeconds): LoadGrid | undefined {
  const current = Math.floor(now / binSeconds);
  const oldest = current - keptBins;
  let first = Infinity;
  let newest = -Infinity;
  const loads = new Float64Array(keptBins).fill(NaN);
  for (const { at, load } of history) {
    const bin = Math.floor(at / binSeconds);
    if (!(bin >= oldest && bin < current && load >= 0 && load < Infinity)) continue;
    const known = loads[bin - oldest];
    if (known !== undefined && known >= load) continue;
    loads[bin - oldest] = load;
    first = Math.min(first, bin);
    newest = Math.max(newest, bin);
  }
  if (newest < first) return undefined;
  return { first, newest, at: (bin) => loads[bin - oldest] ?? NaN };
}
