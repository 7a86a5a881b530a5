import { bridgesNeeded } from './bridges-needed';
import { bridgeLoad, overloadStress } from './demand';
import type { FleetState } from '../model/fleet-state';
import { forecastOf, type Forecast } from '../forecast/forecast';
import { growthOf, growthSpanSeconds } from './growth';
import { binSeconds } from '../forecast/history';
import { reserveOf } from './reserve';
import type { EpochSeconds } from '../protocol/time';
import type { LoadSample, Snapshot } from '../model/snapshot';

/** What the load will need, in bridges of the preferred type. */
export interface ProjectedDemand {
  /** Bridges needed until capacity ordered now would be there. */
  readonly needed: number;
  /** Bridges needed at some time of the coming hour: the fleet does not shrink below that. */
  readonly scaleInFloor: number;
  /**
   * Highest load that the forecast expects until capacity ordered now would be there, and when;
   * absent without a forecast.
   */
  readonly forecastLoad?: number;
  readonly forecastAt?: EpochSeconds;
  readonly forecastConfidence?: number;
  /** Load expected {@link predictionSeconds} from now, as published; absent without a forecast. */
  readonly predictedLoad?: number;
}

/** How far ahead the published forecast looks. */
export const predictionSeconds = 600;

/** What is not ordered now is ordered a tick later. */
const tickSeconds = 60;

/**
 * The history holds means of five minutes. A load that jumps on the hour is there at the start of
 * its five minutes.
 */
const blurSeconds = binSeconds;

/** Calls come by the hour: the fleet does not shrink below what the next hour needs. */
const scaleInFloorSeconds = 3600;

/** Growth beyond the usual goes on for so long: people of one call join within minutes. */
const growthSeconds = 240;

/** Growth by random variation alone, in √bridges per minute. */
const chanceGrowth = 0.2;

/** Where there is no forecast to trust, headroom for random variation is greater by this share. */
const doubt = 1.5;

/** The future of a load that is known to be fresh. */
export function projectDemand(
  load: number,
  state: FleetState,
  leadSeconds: number,
): ProjectedDemand {
  const { snapshot, policy } = state;
  const { now, history } = snapshot;
  const weight = preferredWeight(snapshot);
  const forecast = policy.forecast === 'off' ? undefined : forecastOf(history, now);
  const known = { at: now, load };
  const ahead = leadSeconds + tickSeconds;
  const soon = highest(forecast, known, now, ahead + blurSeconds);
  const told =
    forecast === undefined
      ? {}
      : {
          forecastLoad: soon.load,
          forecastAt: soon.at,
          forecastConfidence: forecast.confidence,
          predictedLoad: forecast.expected(now + predictionSeconds, known),
        };
  if (policy.forecast !== 'on') {
    const needed = bridgesNeeded(load, policy, weight);
    return { needed, scaleInFloor: needed, ...told };
  }
  const uncertainty = 1 + doubt * (1 - (forecast?.confidence ?? 0));
  const surge = load + surgeOf(load, forecast, state, Math.min(ahead, growthSeconds));
  const overload = overloadOf(state);
  const reserve = reserveOf(state);
  const bridgesFor = (expected: number) =>
    bridgesNeeded(Math.max(surge, expected) + overload, policy, weight, uncertainty, reserve);
  const needed = bridgesFor(soon.load);
  const later = highest(forecast, known, now, scaleInFloorSeconds);
  return { needed, scaleInFloor: bridgesFor(later.load), ...told };
}

/** With an older history the forecast says nothing when load data is missing. */
const rememberedSeconds = 3600;

/**
 * Bridges needed when there is no fresh load data: what the history alone makes likely. Absent
 * when it says nothing.
 */
export function needWithoutData(
  { snapshot, policy }: FleetState,
  leadSeconds: number,
): number | undefined {
  const { now, history } = snapshot;
  const forecast = policy.forecast === 'on' ? forecastOf(history, now) : undefined;
  if (forecast === undefined || now - forecast.newest.at > rememberedSeconds) return undefined;
  const seconds = leadSeconds + tickSeconds + blurSeconds;
  const { load } = highest(forecast, forecast.newest, now, seconds);
  return bridgesNeeded(load, policy, preferredWeight(snapshot));
}

function preferredWeight(snapshot: Snapshot): number {
  return snapshot.launch.instanceTypes[0]?.weight ?? 1;
}

const stepSeconds = 60;

/**
 * Highest load that is expected within some seconds: never less than now, and by as much more as
 * the forecast is trusted.
 */
function highest(
  forecast: Forecast | undefined,
  known: LoadSample,
  now: EpochSeconds,
  seconds: number,
): LoadSample {
  let best: LoadSample = { at: now, load: known.load };
  if (forecast === undefined) return best;
  for (let ahead = 0; ahead <= seconds; ahead += stepSeconds) {
    const expected = forecast.expected(now + ahead, known);
    const load = known.load + forecast.confidence * Math.max(0, expected - known.load);
    if (load > best.load) best = { at: now + ahead, load };
  }
  return best;
}

/**
 * Room elsewhere for each bridge's worth of overload. Only fleets that keep a conference on one
 * bridge ever have some: there four times the excess nearly halves the overload of none, for a
 * fifth more hours.
 */
const reliefFactor = 4;

/**
 * What is added for hot bridges: calls are pinned to them, so their overload cannot be spread, and
 * however well the mean may look, calls to come need room elsewhere.
 */
function overloadOf(state: FleetState): number {
  return state.members
    .filter(({ phase }) => phase === 'active')
    .reduce((sum, member) => {
      const excess = bridgeLoad(member, state) - overloadStress * member.bridge.weight;
      return sum + reliefFactor * Math.max(0, excess);
    }, 0);
}

/** What is added by growth that the forecast does not know: people who join right now. */
function surgeOf(
  load: number,
  forecast: Forecast | undefined,
  state: FleetState,
  seconds: number,
): number {
  const { now } = state.snapshot;
  const usual =
    forecast === undefined
      ? 0
      : (forecast.confidence * (forecast.usual(now) - forecast.usual(now - growthSpanSeconds))) /
        growthSpanSeconds;
  const chance = (chanceGrowth * Math.sqrt(Math.max(load, 1))) / 60;
  const extra = growthOf(state) - Math.max(0, usual) - chance;
  return Math.max(0, extra) * seconds;
}
