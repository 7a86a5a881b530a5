import { bridgesNeeded } from './demand';
import type { FleetMember } from './fleet';
import { forecastOf, type Forecast } from './forecast';
import { growthOf } from './growth';
import type { Policy } from './policy';
import type { EpochSeconds, LoadSample, Snapshot } from './types';

/** What the load will need, in bridges of the preferred type. */
export interface Outlook {
  /** Bridges needed until capacity ordered now would be there. */
  readonly needed: number;
  /** Bridges needed at some time of the coming hour: fewer are not kept. */
  readonly held: number;
  /** Highest load expected until capacity ordered now would be there. */
  readonly expectedLoad: number;
  /** Load that the forecast expects then; absent without a forecast. */
  readonly forecastLoad?: number;
  readonly forecastAt?: EpochSeconds;
  readonly confidence?: number;
  /** Load expected {@link predictionSeconds} from now, as published; absent without a forecast. */
  readonly predictedLoad?: number;
}

/** How far ahead the published forecast looks. */
export const predictionSeconds = 600;

const tickSeconds = 60;
/** How far ahead bridges are kept for. */
const holdSeconds = 3600;
/** Growth beyond the usual goes on for so long. */
const growthSeconds = 150;
/** Growth that chance makes, in √bridges per minute. */
const chanceGrowth = 0.2;

/** Headroom for chance grows by this share where there is no forecast to trust. */
const doubt = 1.5;

export function outlookOf(
  load: number,
  members: readonly FleetMember[],
  snapshot: Snapshot,
  policy: Policy,
  leadSeconds: number,
): Outlook {
  const preferredWeight = snapshot.launch.instanceTypes[0]?.weight ?? 1;
  const forecast =
    policy.forecast === 'off' ? undefined : forecastOf(snapshot.history, snapshot.now);
  const ahead = leadSeconds + tickSeconds;
  const soon = forecast && highest(forecast, { at: snapshot.now, load }, snapshot.now, ahead);
  const told =
    forecast === undefined || soon === undefined
      ? {}
      : {
          forecastLoad: soon.load,
          forecastAt: soon.at,
          confidence: forecast.confidence,
          predictedLoad: forecast.expected(snapshot.now + predictionSeconds, {
            at: snapshot.now,
            load,
          }),
        };
  if (policy.forecast !== 'on') {
    const needed = bridgesNeeded(load, policy, preferredWeight);
    return { needed, held: needed, expectedLoad: load, ...told };
  }
  const confidence = forecast?.confidence ?? 0;
  const uncertainty = 1 + doubt * (1 - confidence);
  const surge = load + surgeOf(load, forecast, members, snapshot, Math.min(ahead, growthSeconds));
  const expectedLoad = Math.max(surge, soon?.load ?? 0);
  const needed = bridgesNeeded(expectedLoad, policy, preferredWeight, uncertainty);
  const later =
    forecast && highest(forecast, { at: snapshot.now, load }, snapshot.now, holdSeconds);
  const held = bridgesNeeded(
    Math.max(expectedLoad, later?.load ?? 0),
    policy,
    preferredWeight,
    uncertainty,
  );
  return { needed, held: Math.max(needed, held), expectedLoad, ...told };
}

/** With an older history the forecast says nothing when load data is missing. */
const rememberedSeconds = 3600;

/** Bridges needed when there is no fresh load data: what the history alone makes likely. Absent when it says nothing. */
export function needWithoutData(
  snapshot: Snapshot,
  policy: Policy,
  leadSeconds: number,
): number | undefined {
  const { now, history } = snapshot;
  const forecast = policy.forecast === 'on' ? forecastOf(history, now) : undefined;
  if (forecast === undefined || now - forecast.newest.at > rememberedSeconds) return undefined;
  const { load } = highest(forecast, forecast.newest, now, leadSeconds + tickSeconds);
  return bridgesNeeded(load, policy, snapshot.launch.instanceTypes[0]?.weight ?? 1);
}

const stepSeconds = 60;

/** Highest load that is expected within some seconds: never less than now, and by as much more as the forecast is trusted. */
function highest(
  forecast: Forecast,
  known: LoadSample,
  now: EpochSeconds,
  seconds: number,
): { readonly load: number; readonly at: EpochSeconds } {
  let best = { load: known.load, at: now };
  for (let ahead = 0; ahead <= seconds; ahead += seconds > 900 ? 150 : stepSeconds) {
    const expected = forecast.expected(now + ahead, known);
    const trusted = known.load + forecast.confidence * Math.max(0, expected - known.load);
    if (trusted > best.load) best = { load: trusted, at: now + ahead };
  }
  return best;
}

/** What is added by growth that the forecast does not know: people who join right now. */
function surgeOf(
  load: number,
  forecast: Forecast | undefined,
  members: readonly FleetMember[],
  snapshot: Snapshot,
  seconds: number,
): number {
  const { now } = snapshot;
  const usual =
    forecast === undefined
      ? 0
      : (forecast.confidence * (forecast.usual(now) - forecast.usual(now - 120))) / 120;
  const chance = (chanceGrowth * Math.sqrt(Math.max(load, 1))) / 60;
  const extra = growthOf(members, snapshot) - Math.max(0, usual) - chance;
  return Math.max(0, extra) * seconds;
}
