import type { Envelope } from './calendar';

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
  const rows = text
    .split(/\r?\n/)
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line, number }) => line !== '' && !(number === 1 && /^[a-z_ "]+,/i.test(line)))
    .map(({ line, number }) => readRow(line, number));
  const first = rows[0];
  const second = rows[1];
  if (first === undefined || second === undefined)
    throw new TraceError('a trace needs at least two lines');
  const gaps = rows.slice(1).map((row, index) => row.at - (rows[index]?.at ?? 0));
  const wrong = gaps.findIndex((gap) => gap <= 0);
  if (wrong >= 0)
    throw new TraceError(`line ${rows[wrong + 1]?.number ?? 0}: time does not increase`);
  const stepSeconds = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 1;
  const last = rows.at(-1) ?? second;
  const values: number[] = [];
  let next = 0;
  for (let at = first.at; at <= last.at; at += stepSeconds) {
    while (next < rows.length - 2 && (rows[next + 1]?.at ?? Infinity) <= at) next += 1;
    values.push(between(rows[next] ?? first, rows[next + 1] ?? last, at));
  }
  return { startAt: first.at, stepSeconds, values };
}

interface Row {
  readonly at: number;
  readonly value: number;
  readonly number: number;
}

function readRow(line: string, number: number): Row {
  const [time = '', value = ''] = line.split(',').map((field) => field.replace(/"/g, '').trim());
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

function between(before: Row, after: Row, at: number): number {
  if (after.at <= before.at) return before.value;
  const share = Math.min(1, Math.max(0, (at - before.at) / (after.at - before.at)));
  return before.value + share * (after.value - before.value);
}

export function endOf({ startAt, stepSeconds, values }: Trace): number {
  return startAt + values.length * stepSeconds;
}

/**
 * The trace as envelope of arrivals, moved by `shiftSeconds` and scaled so that its `reference` value is 1. Before its start and after
 * its end there are no arrivals.
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
