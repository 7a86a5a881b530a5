import { quantile } from './statistics';
import type { RunResult } from '../engine/run';

/** What one controller did in one world with one seed. */
export interface Figures {
  readonly forcedDisconnects: number;
  /** Share of participant-minutes on bridges above stress 0.8, refused joins included. */
  readonly overloadShare: number;
  /** The same above 1.0. */
  readonly overloadShareAt1: number;
  readonly bridgeHours: number;
  readonly launches: number;
  readonly timeToCapacityEpisodes: number;
  /** Of the episodes of this run; 0 when there was none. */
  readonly timeToCapacityP95Seconds: number;
  readonly timeToCapacityMaxSeconds: number;
  /** Each episode, so that a quantile over all seeds can be taken. */
  readonly shortages: readonly number[];
  readonly underAccuracyPercent: number;
  readonly overAccuracyPercent: number;
  readonly underTimesharePercent: number;
  readonly overTimesharePercent: number;
  readonly instabilityPercent: number;
  readonly jitterPerHour: number;
  readonly drains: number;
  readonly undrains: number;
  readonly recycles: number;
  readonly drainHours: number;
  readonly refusedShare: number;
  readonly faultDisconnects: number;
  /** Bridges drained or ended while the newest metrics were older than 90 s. */
  readonly removedWithoutMetrics: number;
  readonly decideMillisecondsMean: number;
  readonly decideMillisecondsP99: number;
}

export function figuresOf({ ledger, elasticity, decideMilliseconds }: RunResult): Figures {
  const total = Math.max(1, ledger.participantSeconds);
  const times = decideMilliseconds.toSorted();
  const shortages = [...ledger.shortages].sort((a, b) => a - b);
  return {
    forcedDisconnects: ledger.forcedDisconnects,
    overloadShare: (ledger.overloadedSeconds + ledger.refusedSeconds) / total,
    overloadShareAt1: (ledger.overloadedAt1Seconds + ledger.refusedSeconds) / total,
    bridgeHours: ledger.bridgeSeconds / 3600,
    launches: ledger.launches,
    timeToCapacityEpisodes: shortages.length,
    timeToCapacityP95Seconds: quantile(shortages, 0.95),
    timeToCapacityMaxSeconds: shortages.at(-1) ?? 0,
    shortages,
    underAccuracyPercent: elasticity.underAccuracy,
    overAccuracyPercent: elasticity.overAccuracy,
    underTimesharePercent: elasticity.underTimeshare,
    overTimesharePercent: elasticity.overTimeshare,
    instabilityPercent: elasticity.instability,
    jitterPerHour: elasticity.jitterPerHour,
    drains: ledger.drains,
    undrains: ledger.undrains,
    recycles: ledger.recycles,
    drainHours: ledger.drainSeconds / 3600,
    refusedShare: ledger.refusedSeconds / total,
    faultDisconnects: ledger.faultDisconnects,
    removedWithoutMetrics: ledger.removedWithoutMetrics,
    decideMillisecondsMean: times.reduce((sum, time) => sum + time, 0) / Math.max(1, times.length),
    decideMillisecondsP99: quantile(times, 0.99),
  };
}
