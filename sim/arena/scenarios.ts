import { readFileSync } from 'node:fs';
import { defaultWorld, type Faults, type WorldSettings } from '../engine/settings';
import { day, hour, ordinaryMonday, week, workingWeek, type Envelope } from '../workload/calendar';
import { defaultKnobs, type Knobs } from '../workload/knobs';
import { Random } from '../workload/random';
import { dailyPeak, endOf, envelopeOf, parseTrace, type Trace } from '../workload/trace';
import type { WorkloadSettings } from '../workload/workload';
import { taxiFile } from './files';

/** One world with one seed: what happens, and where. */
export interface ScenarioRun {
  readonly workload: WorkloadSettings;
  readonly world: WorldSettings;
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly run: (seed: number, knobFactors?: Partial<Record<keyof Knobs, number>>) => ScenarioRun;
}

interface Variation {
  readonly peakParticipants?: number;
  readonly envelope?: (seed: number) => { readonly envelope: Envelope; readonly startAt: number };
  readonly historyWeeks?: number;
  readonly peerToPeer?: boolean;
  readonly world?: Partial<WorldSettings>;
  readonly faults?: (seed: number) => Faults;
}

const ordinary = () => ({ envelope: workingWeek(), startAt: ordinaryMonday });

function scenario(id: string, title: string, variation: Variation): Scenario {
  return {
    id,
    title,
    run: (seed, factors = {}) => {
      const peakParticipants = variation.peakParticipants ?? defaultKnobs.peakParticipants;
      const knobs = moved({ ...defaultKnobs, peakParticipants }, factors);
      const { envelope, startAt } = (variation.envelope ?? ordinary)(seed);
      const world: WorldSettings = {
        ...defaultWorld,
        seed,
        ...variation.world,
        ...(variation.faults === undefined ? {} : { faults: variation.faults(seed) }),
      };
      const seats = world.overloadStress / world.stressPerParticipant;
      return {
        workload: {
          seed,
          knobs,
          envelope,
          startAt,
          historyWeeks: variation.historyWeeks ?? 2,
          peerToPeer: variation.peerToPeer ?? false,
          stressPerParticipant: world.stressPerParticipant,
        },
        world: { ...world, max: Math.ceil((3 * knobs.peakParticipants) / seats) + 3 },
      };
    },
  };
}

function moved(knobs: Knobs, factors: Partial<Record<keyof Knobs, number>>): Knobs {
  const entries = Object.entries(knobs) as [keyof Knobs, number][];
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value * (factors[name] ?? 1)]),
  ) as unknown as Knobs;
}

/**
 * Daylight saving shifts everyone by an hour between history and scored week; one working day in
 * it is a holiday.
 */
function shiftedWeek(seed: number): { readonly envelope: Envelope; readonly startAt: number } {
  const isSpring = seed % 2 === 1;
  const startAt = (isSpring ? Date.UTC(2026, 2, 30) : Date.UTC(2026, 9, 26)) / 1000;
  const [before, after] = isSpring ? [hour, 2 * hour] : [2 * hour, hour];
  const changeAt = startAt - day + hour;
  const holiday = Math.floor(startAt / day) + 1 + new Random(seed, 'holiday').integer(3);
  return { envelope: workingWeek((at) => (at < changeAt ? before : after), [holiday]), startAt };
}

/** Sundays with two weeks of data before and a whole week after them. */
const firstTaxiSunday = Date.UTC(2014, 6, 20) / 1000;
const taxiWeeks = 28;

let taxi: Trace | undefined;

/**
 * Another week of the half year for each seed, odd ones (Christmas, a snowstorm) among the first
 * five.
 */
function taxiWeek(seed: number): { readonly envelope: Envelope; readonly startAt: number } {
  taxi ??= parseTrace(readFileSync(taxiFile, 'utf8'));
  const startAt = firstTaxiSunday + ((seed * 11) % taxiWeeks) * week;
  return { envelope: envelopeOf(taxi, 0, dailyPeak(taxi)), startAt };
}

/** Any trace: its last seven days are scored, up to four weeks before are history. */
export function traceScenario(trace: Trace, peakParticipants: number): Scenario {
  const startAt = Math.floor((endOf(trace) - week) / 900) * 900;
  const historyWeeks = Math.min(4, Math.max(0, (startAt - trace.startAt) / week));
  const envelope = envelopeOf(trace, 0, dailyPeak(trace));
  return scenario('trace', 'the given trace', {
    peakParticipants,
    envelope: () => ({ envelope, startAt }),
    historyWeeks: Math.floor(historyWeeks * 7) / 7,
  });
}

/**
 * Missing metrics on two ramps, no capacity on a third, 5 % of launches silent, a zone lost at a
 * busy time.
 */
function faultsOf(seed: number): Faults {
  const random = new Random(seed, 'faults');
  const at = (weekday: number, from: number, to: number) =>
    weekday * day + random.between(from, to) * hour;
  const stretch = (from: number, seconds: number) => ({ from, to: from + seconds });
  return {
    metricsAbsent: [stretch(at(1, 8, 10), 600), stretch(at(3, 9, 17), 600)],
    capacityRefused: [stretch(at(2, 8, 9.5), 900)],
    neverReportShare: 0.05,
    zoneLosses: [{ at: at(3, 10, 16), zone: random.integer(3) }],
  };
}

export const scenarios: readonly Scenario[] = [
  scenario('S1', 'standard: peak of about 1 800 participants', {}),
  scenario('S2', 'small: peak of about 370', { peakParticipants: 330 }),
  scenario('S3', 'large: peak of about 6 400', { peakParticipants: 6600 }),
  scenario('S5', 'New York taxis as envelope, odd days included', { envelope: taxiWeek }),
  scenario('S7', 'cold start: no history at all', { historyWeeks: 0 }),
  scenario('S8', 'daylight-saving shift and a holiday', { envelope: shiftedWeek }),
  scenario('S9', 'faults: metrics, boots, capacity, a zone', { faults: faultsOf }),
  scenario('S10-45', 'boot median of 45 s', { world: { bootMedianSeconds: 45 } }),
  scenario('S10-300', 'boot median of 300 s', { world: { bootMedianSeconds: 300 } }),
  scenario('S11', 'two-person calls go peer to peer', { peerToPeer: true }),
  scenario('S12-low', 'a participant costs half of what is assumed', {
    world: { stressPerParticipant: 0.005 },
  }),
  scenario('S12-high', 'a participant costs half as much again', {
    world: { stressPerParticipant: 0.015 },
  }),
  scenario('S13', 'v1: drain is one-way, a conference stays on one bridge', {
    world: { placement: 'single', isDrainReversible: false },
  }),
];
