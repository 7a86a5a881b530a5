import { readFileSync } from 'node:fs';

import type { Policy } from '../../lambdas/core/model/policy';
import type { Recording } from '../../sim/replay/recording';
import { seriesOf, type Series } from '../../sim/replay/series';
import { historyBinSeconds } from '../../sim/workload/history';
import { dailyPeak, headerOf, parsePoints, TraceError } from '../../sim/workload/trace';
import { units, type Unit } from './units';
import { WrongInput } from './wrong-input';

export interface TraceOptions {
  readonly trace: string;
  /** File with what really ran, when it is not a column of the trace. */
  readonly actual?: string;
  /** Default: what the header calls its column, else load. */
  readonly unit?: Unit;
  /** Scales the trace so that its highest value is so many participants. */
  readonly peak?: number;
}

export interface TraceRecording {
  readonly recording: Recording;
  /** How the values were understood, for the operator. */
  readonly unitNote: string;
}

/** Load of one participant where nothing tells: Jicofo's own assumption. */
const assumedStressPerParticipant = 0.01;
const mostParticipants = 50_000;

/**
 * A CSV as a recording.
 * @throws WrongInput or TraceError, which name the file or line
 */
export function readTrace(options: TraceOptions, policy: Policy, weeks: number): TraceRecording {
  const text = readText(options.trace);
  const header = headerOf(text);
  const values = named(options.trace, () => seriesOf(parsePoints(text, 1), weeks));
  const { factor, unitNote } = scaleOf(values, options, header?.[1], policy);
  const load = { ...values, values: values.values.map((value) => value * factor) };
  const people = Math.max(...load.values) / assumedStressPerParticipant;
  if (people > mostParticipants)
    throw new WrongInput(
      `${options.trace}: ${Math.round(people)} participants at once are more than can be simulated; scale them with --peak`,
    );
  const ran = ranOf(options, text, weeks);
  return {
    recording: {
      load,
      ...(ran === undefined ? {} : { ran }),
      stressPerParticipant: assumedStressPerParticipant,
    },
    unitNote,
  };
}

/** Bridges that really ran: a file of their own, or the second column. */
function ranOf({ trace, actual }: TraceOptions, text: string, weeks: number): Series | undefined {
  if (actual !== undefined)
    return named(actual, () => seriesOf(parsePoints(readText(actual), 1), weeks));
  const hasColumn = (text.trim().split(/\r?\n/).at(-1)?.split(',').length ?? 0) > 2;
  return hasColumn ? named(trace, () => seriesOf(parsePoints(text, 2), weeks)) : undefined;
}

function scaleOf(
  { values }: Series,
  { unit, peak }: TraceOptions,
  column: string | undefined,
  policy: Policy,
): { readonly factor: number; readonly unitNote: string } {
  const highest = dailyPeak({ values, stepSeconds: historyBinSeconds });
  if (peak !== undefined)
    return {
      factor: (peak * assumedStressPerParticipant) / highest,
      unitNote: `the trace is scaled to daily peaks of ${peak} participants on average`,
    };
  const meant = unit ?? units.find((name) => name === column?.toLowerCase());
  if (meant === 'participants')
    return {
      factor: assumedStressPerParticipant,
      unitNote: 'the values are participants; each needs 1 % of a bridge',
    };
  if (meant === 'load' || highest <= policy.max)
    return { factor: 1, unitNote: 'the values are load; 1 is a full bridge' };
  const bridges = policy.max / 2;
  return {
    factor: bridges / highest,
    unitNote:
      `values of ${Math.round(highest)} cannot be a load in bridges, since max is ${policy.max}: ` +
      `the trace is scaled to daily peaks of ${bridges} bridges. To change that, use --unit participants or --peak`,
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new WrongInput(error instanceof Error ? error.message : `${file} cannot be read`);
  }
}

/** Puts the name of the file in front of what is wrong in it. */
function named<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TraceError) throw new WrongInput(`${file}: ${error.message}`);
    throw error;
  }
}
