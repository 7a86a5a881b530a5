import { binSeconds, gridOf } from './history';
import { backtest } from './backtest';
import { seasonOf } from './season';
import type { EpochSeconds } from '../protocol/time';
import type { LoadSample } from '../model/snapshot';

/** What the load is expected to be, from the same times of earlier weeks, days or hours. */
export interface Forecast {
  /** 0 … 1: how much of the forecast counts, by how well it would have done lately. */
  readonly confidence: number;
  /** Load that is usual at a time, before the load of now is looked at. */
  readonly usual: (at: EpochSeconds) => number;
  /** Load expected at a time, given what it was at another. */
  readonly expected: (at: EpochSeconds, known: LoadSample) => number;
  /** Newest load of the history. */
  readonly newest: LoadSample;
}

/** With less history there is no forecast. */
const leastHistorySeconds = 3 * 3600;

const computed = new WeakMap<readonly LoadSample[], { bin: number; forecast?: Forecast }>();

/**
 * Forecast from the history, or undefined when there is too little of it. The same history gives
 * the same forecast; it lives as long as the caller keeps the array, since a tick needs it far
 * more often than there is a new sample.
 */
export function forecastOf(
  history: readonly LoadSample[],
  now: EpochSeconds,
): Forecast | undefined {
  const bin = Math.floor(now / binSeconds);
  const known = computed.get(history);
  if (known?.bin === bin) return known.forecast;
  const forecast = makeForecast(history, now);
  computed.set(history, forecast === undefined ? { bin } : { bin, forecast });
  return forecast;
}

function makeForecast(history: readonly LoadSample[], now: EpochSeconds): Forecast | undefined {
  const grid = gridOf(history, now);
  if (grid === undefined || (grid.newest - grid.first) * binSeconds < leastHistorySeconds)
    return undefined;
  const season = seasonOf(grid, Math.floor(now / binSeconds));
  const confidence = backtest(grid, season);
  const usual = (at: EpochSeconds) => interpolate(season.at, at);
  return {
    confidence,
    usual,
    expected: (at, known) =>
      carryOn(known.load, usual(known.at), usual(at), Math.max(0, at - known.at)),
    newest: { at: (grid.newest + 0.5) * binSeconds, load: grid.at(grid.newest) },
  };
}

/** Bins hold means of five minutes; in between a straight line. */
function interpolate(at: (bin: number) => number, time: EpochSeconds): number {
  const position = time / binSeconds - 0.5;
  const bin = Math.floor(position);
  const before = at(bin);
  const after = at(bin + 1);
  if (Number.isNaN(before)) return Number.isNaN(after) ? 0 : after;
  return Number.isNaN(after) ? before : before + (position - bin) * (after - before);
}

/** A chance deviation is gone with the calls that make it; a large one is another kind of day. */
const chanceHalfLife = 2400;
const otherDayHalfLife = 4 * 3600;

/** Standard deviation of a fleet's load, in √bridges: calls start and end independently. */
const chanceSpread = 0.4;

/** Keeps a ratio of two loads near nothing from meaning anything. */
const quiet = 0.2;

/**
 * What is more than usual now stays so for a while, in bridges; what is less than usual in
 * proportion: a holiday grows like a normal day, only less.
 */
function carryOn(loadNow: number, usualNow: number, usualThen: number, seconds: number): number {
  const spread = chanceSpread * Math.sqrt(Math.max(usualNow, 1));
  const isOtherDay = Math.abs(loadNow - usualNow) > 3 * spread;
  const half = isOtherDay ? otherDayHalfLife : chanceHalfLife;
  const left = Math.pow(0.5, seconds / half);
  if (loadNow >= usualNow) return usualThen + (loadNow - usualNow) * left;
  const ratio = (loadNow + quiet) / (usualNow + quiet);
  return usualThen * (1 + (ratio - 1) * left);
}
