/** One metric: namespace, name and the exact set of its dimensions. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

/** What was observed in some time; values with how often each was seen, for percentiles. */
export interface Observations {
  readonly sum: number;
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
  /**
   * Absent when only a statistic set was given, or when it is too old: then there is no
   * percentile.
   */
  readonly values?: ReadonlyMap<number, number>;
}

interface Series {
  readonly id: MetricId;
  readonly minutes: Map<number, Observations>;
  newestMinute: number;
}

const minute = 60;
/**
 * Single values are kept three hours, minutes four weeks (AWS: 15 days as minutes, then coarser).
 */
const valuesKeptSeconds = 3 * 3600;
const minutesKeptSeconds = 28 * 86400;

/** Metrics in buckets of one minute. Times are epoch seconds. */
export class MetricStore {
  private readonly series = new Map<string, Series>();

  put(id: MetricId, timeSeconds: number, observed: Observations): void {
    const key = seriesKey(id);
    const bucket = Math.floor(timeSeconds / minute) * minute;
    let series = this.series.get(key);
    if (series === undefined) {
      series = { id, minutes: new Map(), newestMinute: bucket };
      this.series.set(key, series);
    }
    const before = series.minutes.get(bucket);
    series.minutes.set(bucket, before === undefined ? observed : merge([before, observed]));
    if (bucket > series.newestMinute) {
      series.newestMinute = bucket;
      forget(series);
    }
  }

  /** Minutes of a metric with `start ≤ minute < end`, oldest first. */
  read(id: MetricId, start: number, end: number): readonly (readonly [number, Observations])[] {
    const minutes = this.series.get(seriesKey(id))?.minutes ?? new Map<number, Observations>();
    return [...minutes].filter(([time]) => time >= start && time < end).sort(([a], [b]) => a - b);
  }

  /** All metrics with the time of their newest data. */
  list(): readonly { readonly id: MetricId; readonly newestMinute: number }[] {
    return [...this.series.values()];
  }
}

/** Observations of several times as those of one. */
export function merge(parts: readonly Observations[]): Observations {
  const values = new Map<number, number>();
  for (const part of parts) {
    for (const [value, count] of part.values ?? []) {
      values.set(value, (values.get(value) ?? 0) + count);
    }
  }
  const complete = parts.every((part) => part.values !== undefined);
  return {
    sum: parts.reduce((sum, part) => sum + part.sum, 0),
    count: parts.reduce((count, part) => count + part.count, 0),
    minimum: Math.min(...parts.map((part) => part.minimum)),
    maximum: Math.max(...parts.map((part) => part.maximum)),
    ...(complete ? { values } : {}),
  };
}

function forget(series: Series): void {
  for (const [time, { values, ...statistics }] of series.minutes) {
    const age = series.newestMinute - time;
    if (age > minutesKeptSeconds) series.minutes.delete(time);
    else if (age > valuesKeptSeconds && values !== undefined) series.minutes.set(time, statistics);
    else if (age <= valuesKeptSeconds) return;
  }
}

function seriesKey({ namespace, name, dimensions }: MetricId): string {
  const sorted = dimensions.map(({ Name, Value }) => [Name, Value].join('\u0001')).sort();
  return [namespace, name, ...sorted].join('\u0000');
}
