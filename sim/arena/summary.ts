import { clairvoyant, contestants, type Settings } from './contestants';
import type { Figures } from '../results/figures';
import { settingsIn, type JobResult } from './job';
import { bootstrap, mean, quantile, type Estimate } from '../results/statistics';

/** A controller in a scenario, over all seeds. Shares are fractions of 1. */
export interface ControllerSummary {
  readonly name: string;
  readonly title: string;
  readonly settings: Settings;
  /** Sum over all seeds. */
  readonly forcedDisconnects: number;
  readonly overloadShare: number;
  readonly overloadShareAt1: number;
  readonly bridgeHours: number;
  readonly bridgeHoursOverClairvoyant: number;
  readonly launches: number;
  readonly launchesOverClairvoyant: number;
  /** Over the episodes of all seeds. */
  readonly timeToCapacityEpisodes: number;
  readonly timeToCapacityP95Seconds: number;
  readonly timeToCapacityMaxSeconds: number;
  readonly underAccuracyPercent: number;
  readonly overAccuracyPercent: number;
  readonly underTimesharePercent: number;
  readonly overTimesharePercent: number;
  readonly instabilityPercent: number;
  readonly jitterPerHour: number;
  readonly drainHours: number;
  readonly drains: number;
  readonly undrains: number;
  readonly recycles: number;
  readonly refusedShare: number;
  readonly faultDisconnects: number;
  readonly removedWithoutMetrics: number;
  readonly decideMillisecondsMean: number;
  /** The highest of all seeds. */
  readonly decideMillisecondsP99: number;
  /** 95 % bootstrap intervals of the means. */
  readonly intervals: Readonly<Record<string, Estimate>>;
}

export interface ScenarioSummary {
  readonly scenario: string;
  readonly title: string;
  readonly seeds: number;
  /** LB0, the fluid bound. */
  readonly fluidBoundHours: number;
  readonly peakParticipants: number;
  readonly controllers: readonly ControllerSummary[];
}

export function summarize(
  scenario: { readonly id: string; readonly title: string },
  results: readonly JobResult[],
): ScenarioSummary {
  const names = Object.keys(results[0]?.figures ?? {});
  const baseline = results.map(({ figures }) => figures[clairvoyant.name]);
  return {
    scenario: scenario.id,
    title: scenario.title,
    seeds: results.length,
    fluidBoundHours: mean(results.map(({ fluidBoundHours }) => fluidBoundHours)),
    peakParticipants: mean(results.map(({ peakParticipants }) => peakParticipants)),
    controllers: names.map((name) =>
      summarizeController(
        scenario.id,
        name,
        results.flatMap(({ figures }) => figures[name] ?? []),
        baseline,
      ),
    ),
  };
}

function summarizeController(
  scenarioId: string,
  name: string,
  figures: readonly Figures[],
  baseline: readonly (Figures | undefined)[],
): ControllerSummary {
  const of = (key: Exclude<keyof Figures, 'shortages'>) => figures.map((figure) => figure[key]);
  const average = (key: Exclude<keyof Figures, 'shortages'>) => mean(of(key));
  const over = (key: 'bridgeHours' | 'launches') =>
    figures.map((figure, index) => figure[key] / Math.max(1, baseline[index]?.[key] ?? NaN));
  const shortages = figures.flatMap((figure) => figure.shortages).sort((a, b) => a - b);
  const contestant = contestants.find((candidate) => candidate.name === name);
  return {
    name,
    title: contestant?.title ?? name,
    settings: contestant === undefined ? {} : settingsIn(scenarioId, contestant),
    forcedDisconnects: of('forcedDisconnects').reduce((sum, value) => sum + value, 0),
    overloadShare: average('overloadShare'),
    overloadShareAt1: average('overloadShareAt1'),
    bridgeHours: average('bridgeHours'),
    bridgeHoursOverClairvoyant: mean(over('bridgeHours')),
    launches: average('launches'),
    launchesOverClairvoyant: mean(over('launches')),
    timeToCapacityEpisodes: shortages.length,
    timeToCapacityP95Seconds: quantile(shortages, 0.95),
    timeToCapacityMaxSeconds: shortages.at(-1) ?? 0,
    underAccuracyPercent: average('underAccuracyPercent'),
    overAccuracyPercent: average('overAccuracyPercent'),
    underTimesharePercent: average('underTimesharePercent'),
    overTimesharePercent: average('overTimesharePercent'),
    instabilityPercent: average('instabilityPercent'),
    jitterPerHour: average('jitterPerHour'),
    drainHours: average('drainHours'),
    drains: average('drains'),
    undrains: average('undrains'),
    recycles: average('recycles'),
    refusedShare: average('refusedShare'),
    faultDisconnects: average('faultDisconnects'),
    removedWithoutMetrics: of('removedWithoutMetrics').reduce((sum, value) => sum + value, 0),
    decideMillisecondsMean: average('decideMillisecondsMean'),
    decideMillisecondsP99: Math.max(0, ...of('decideMillisecondsP99')),
    intervals: {
      overloadShare: bootstrap(of('overloadShare')),
      overloadShareAt1: bootstrap(of('overloadShareAt1')),
      bridgeHours: bootstrap(of('bridgeHours')),
      bridgeHoursOverClairvoyant: bootstrap(over('bridgeHours')),
      launchesOverClairvoyant: bootstrap(over('launches')),
    },
  };
}
