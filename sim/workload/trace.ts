import { day, type Envelope } from './calendar';

/** One value of a recorded series. */
export interface Point {
  /** Epoch seconds. */
  readonly at: number;
  readonly value: number;
}

/** A recorded series, evenly spaced. */
export interface Trace {
  /** Epoch seconds of the first value. */
  readonly startAt: number;
  readonly stepSeconds: number;
  readonly values: readonly number[];
}

/** A trace that cannot be used; the message names the line. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
}

/**
 * Parses `timestamp,value` lines: ISO 8601 or `yyyy-MM-dd HH:mm:ss` (UTC) or epoch seconds; the header is optional. Missing
 * stretches are bridged in a straight line, duplicates and disorder refused.
 * @throws {TraceError} on anything else
 */
export function parseTrace(text: string): Trace {
  const points = parsePoints(text, 1);
  const stepSeconds = stepOf(points);
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) throw new TraceError(tooShort);
  const values: number[] = [];
  let next = 0;
  for (let at = first.at; at <= last.at; at += stepSeconds) {
    while (next < points.length - 2 && (points[next + 1]?.at ?? Infinity) <= at) next += 1;
    values.push(between(points[next] ?? first, points[next + 1] ?? last, at));
  }
  return { startAt: first.at, stepSeconds, values };
}

const tooShort = 'a trace needs at least two lines';

/** Names of the columns in the first line, or undefined when it is no header. */
export function headerOf(text: string): readonly string[] | undefined {
  const [line = ''] = text.split(/\r?\n/, 1);
  return /^[a-z_ "]+,/i.test(line) ? fieldsOf(line) : undefined;
}

/**
 * Time and one further column (1 is the first after the time) of each line, in ascending time.
 * @throws {TraceError} on anything else
 */
export function parsePoints(text: string, column: number): readonly Point[] {
  const hasHeader = headerOf(text) !== undefined;
  const rows = text
    .split(/\r?\n/)
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line, number }) => line !== '' && !(number === 1 && hasHeader))
    .map(({ line, number }) => readRow(line, number, column));
  if (rows.length < 2) throw new TraceError(tooShort);
  const wrong = rows.slice(1).find((row, index) => row.at <= (rows[index]?.at ?? 0));
  if (wrong !== undefined) throw new TraceError(`line ${wrong.number}: time does not increase`);
  return rows;
}

/** The usual distance of two points, in seconds. */
export function stepOf(points: readonly Point[]): number {
  const gaps = points.slice(1).map(({ at }, index) => at - (points[index]?.at ?? 0));
  return [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 1;
}

interface Row extends Point {
  readonly number: number;
}

function fieldsOf(line: string): readonly string[] {
  return line.split(',').map((field) => field.replace(/"/g, '').trim());
}

function readRow(line: string, number: number, column: number): Row {
  const fields = fieldsOf(line);
  const [time = ''] = fields;
  const value = fields[column] ?? '';
  const at = /^\d+(\.\d+)?$/.test(time) ? Number(time) : Date.parse(isoOf(time)) / 1000;
  const amount = value === '' ? NaN : Number(value);
  if (!Number.isFinite(at)) throw new TraceError(`line ${number}: '${time}' is not a time`);
  if (!Number.isFinite(amount) || amount < 0)
    throw new TraceError(`line ${number}: '${value}' is not a number of zero or more`);
  return { at, value: amount, number };
}

/** Without a zone of its own a time is UTC. */
function isoOf(time: string): string {
  const iso = time.replace(' ', 'T');
  return /(Z|[+-]\d\d:?\d\d)$/i.test(iso) || !iso.includes('T') ? iso : `${iso}Z`;
}

/** The value at a time between two points, in a straight line. */
export function between(before: Point, after: Point, at: number): number {
  if (after.at <= before.at) return before.value;
  const share = Math.min(1, Math.max(0, (at - before.at) / (after.at - before.at)));
  return before.value + share * (after.value - before.value);
}

export function endOf({ startAt, stepSeconds, values }: Trace): number {
  return startAt + values.length * stepSeconds;
}

/** The mean of its daily maxima: what a trace is scaled by. */
export function dailyPeak({ values, stepSeconds }: Omit<Trace, 'startAt'>): number {
  const perDay = Math.max(1, Math.round(day / stepSeconds));
  const peaks: number[] = [];
  for (let start = 0; start + perDay <= values.length; start += perDay)
    peaks.push(
      values.slice(start, start + perDay).reduce((most, value) => Math.max(most, value), 0),
    );
  const known = peaks.length > 0 ? peaks : [values.reduce((most, v) => Math.max(most, v), 0)];
  return known.reduce((sum, peak) => sum + peak, 0) / known.length || 1;
}

/**
 * The trace as envelope of arrivals, moved by `shiftSeconds` and scaled so that its `reference`
 * value is 1. Before its start and after its end there are no arrivals.
 */
export function envelopeOf(trace: Trace, shiftSeconds: number, reference: number): Envelope {
  return (at) => {
    const position = (at - shiftSeconds - trace.startAt) / trace.stepSeconds;
    const index = Math.floor(position);
    const before = trace.values[index];
    if (before === undefined) return 0;
    const after = trace.values[index + 1] ?? before;
    return (before + (position - index) * (after - before)) / reference;
  };
}
