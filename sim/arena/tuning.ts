import type { Scenario } from './scenarios';
import { Competition } from './compete';
import type { Contestant, Settings } from './contestants';
import { figuresOf } from '../results/figures';
import { mean } from '../results/statistics';

/** Seeds that are never scored. */
export const tuningSeeds: readonly number[] = [1001, 1002, 1003, 1004];

/** What a setting gave on average over {@link tuningSeeds}. */
export interface SweepPoint {
  readonly settings: Settings;
  readonly overloadShare: number;
  readonly bridgeHours: number;
}

/** What was tried in a scenario, by contestant. */
export type Sweep = Readonly<Record<string, readonly SweepPoint[]>>;

export const rivalOverloadLimit = 0.001;
export const clairvoyantOverloadLimit = 0.0005;

/** How many settings survive the first seed. */
const finalists = 12;

export function limitOf(contestant: Contestant): number {
  return contestant.name === 'clairvoyant' ? clairvoyantOverloadLimit : rivalOverloadLimit;
}

/** The cheapest setting within the limit; if none is, the one with least overload. */
export function bestOf(points: readonly SweepPoint[], limit: number): SweepPoint | undefined {
  return [...points].sort(
    (a, b) =>
      Number(a.overloadShare > limit) - Number(b.overloadShare > limit) ||
      (a.overloadShare > limit && b.overloadShare > limit
        ? a.overloadShare - b.overloadShare
        : a.bridgeHours - b.bridgeHours),
  )[0];
}

/**
 * Tries all settings on the first seed, and on the other ones those that may still win: the
 * cheapest below three times the limit (one week may be a hard one), or those with least overload.
 */
export function sweep(scenario: Scenario, contestants: readonly Contestant[]): Sweep {
  const [first, ...others] = tuningSeeds.map((seed) => () => new Competition(scenario.run(seed)));
  const results = new Map<
    string,
    { readonly settings: Settings; readonly points: SweepPoint[] }[]
  >();
  const tried = first?.();
  if (tried === undefined) return {};
  for (const contestant of contestants) {
    const entries = contestant.sweep.map((settings) => ({
      settings,
      points: [pointOf(tried, contestant, settings)],
    }));
    results.set(contestant.name, shortlist(entries, limitOf(contestant)));
  }
  for (const make of others) {
    const competition = make();
    for (const contestant of contestants)
      for (const { settings, points } of results.get(contestant.name) ?? [])
        points.push(pointOf(competition, contestant, settings));
  }
  return Object.fromEntries(
    [...results].map(([name, entries]) => [
      name,
      entries.map(({ settings, points }) => ({
        settings,
        overloadShare: mean(points.map((point) => point.overloadShare)),
        bridgeHours: mean(points.map((point) => point.bridgeHours)),
      })),
    ]),
  );
}

function shortlist<Entry extends { readonly points: readonly SweepPoint[] }>(
  entries: readonly Entry[],
  limit: number,
): Entry[] {
  const overload = ({ points }: Entry) => points[0]?.overloadShare ?? 1;
  const hours = ({ points }: Entry) => points[0]?.bridgeHours ?? Infinity;
  const cheap = entries
    .filter((entry) => overload(entry) <= 3 * limit)
    .sort((a, b) => hours(a) - hours(b));
  const safe = [...entries].sort((a, b) => overload(a) - overload(b) || hours(a) - hours(b));
  // Cheap ones may fail on the other seeds, so some safe ones stay in as well.
  return [...new Set([...cheap.slice(0, finalists), ...safe.slice(0, finalists / 3)])];
}

function pointOf(competition: Competition, contestant: Contestant, settings: Settings): SweepPoint {
  const { overloadShare, bridgeHours } = figuresOf(competition.run(contestant, settings));
  return { settings, overloadShare, bridgeHours };
}
