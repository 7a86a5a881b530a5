import { week } from '../workload/calendar';
import { historyBinSeconds } from '../workload/history';
import { between, stepOf, TraceError, type Point } from '../workload/trace';

/** Decisions learn from four weeks, and one is scored: older values are of no use. */
export const mostWeeks = 5;

/** A stretch without values, epoch seconds. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** A recorded quantity as 5-minute averages without holes; bin `i` starts at `startAt + 300 i`. */
export interface Series {
  readonly startAt: number;
  readonly values: readonly number[];
  /** Stretches that are bridged in a straight line. */
  readonly gaps: readonly Gap[];
  /**
   * How far the recorded values are apart: the series knows nothing of what happened in between.
   */
  readonly stepSeconds: number;
}

/**
 * The newest weeks of a recording as 5-minute averages. Each point is taken as the average from its time to the next one's,
 * as CloudWatch means it.
 * @throws {TraceError} when there are fewer than two points
 */
export function seriesOf(points: readonly Point[], weeks = mostWeeks): Series {
  const newest = points.at(-1)?.at ?? 0;
  const kept = points.filter(({ at }) => at > newest - weeks * week);
  if (kept.length < 2) throw new TraceError(`fewer than two values in the last ${weeks} weeks`);
  const stepSeconds = stepOf(kept);
  const coarse = stepSeconds < historyBinSeconds ? averaged(kept) : kept;
  const spacing = Math.max(stepSeconds, historyBinSeconds);
  const middle = (point: Point): Point => ({ ...point, at: point.at + spacing / 2 });
  const startAt = Math.floor((coarse[0]?.at ?? 0) / historyBinSeconds) * historyBinSeconds;
  const endAt = (coarse.at(-1)?.at ?? 0) + spacing;
  const values: number[] = [];
  let next = 0;
  for (let at = startAt; at + historyBinSeconds <= endAt; at += historyBinSeconds) {
    const center = at + historyBinSeconds / 2;
    while (next < coarse.length - 2 && (coarse[next + 1]?.at ?? 0) + spacing / 2 <= center)
      next += 1;
    const [before, after] = [coarse[next], coarse[next + 1]];
    if (before !== undefined && after !== undefined)
      values.push(between(middle(before), middle(after), center));
  }
  return { startAt, values, gaps: gapsOf(coarse, spacing), stepSeconds };
}

export function endOfSeries({ startAt, values }: Series): number {
  return startAt + values.length * historyBinSeconds;
}

/** The average of the 5 minutes around a time; undefined outside of what was recorded. */
export function valueAt({ startAt, values }: Series, at: number): number | undefined {
  return values[Math.floor((at - startAt) / historyBinSeconds)];
}

/** The same; before the recording its first value and after it its last. */
export function heldAt(series: Series, at: number): number {
  const { startAt, values } = series;
  return valueAt(series, at) ?? (at < startAt ? values[0] : values.at(-1)) ?? 0;
}

/** Whether the 5 minutes from `at` were recorded, and not only bridged. */
export function isRecorded({ gaps }: Series, at: number): boolean {
  return !gaps.some(({ from, to }) => at >= from && at < to);
}

function averaged(points: readonly Point[]): readonly Point[] {
  const bins = new Map<number, { sum: number; count: number }>();
  for (const { at, value } of points) {
    const start = Math.floor(at / historyBinSeconds) * historyBinSeconds;
    const bin = bins.get(start) ?? { sum: 0, count: 0 };
    bins.set(start, { sum: bin.sum + value, count: bin.count + 1 });
  }
  return [...bins].map(([at, { sum, count }]) => ({ at, value: sum / count }));
}

function gapsOf(points: readonly Point[], spacing: number): readonly Gap[] {
  return points.slice(1).flatMap(({ at }, index) => {
    const from = (points[index]?.at ?? at) + spacing;
    return at - from > spacing / 2 ? [{ from, to: at }] : [];
  });
}
