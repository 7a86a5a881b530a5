/** What a bridge last told the collector, as controllers see it. */
export interface BridgeMetrics {
  /** When the collector looked, seconds. */
  readonly at: number;
  readonly stress: number;
  readonly participants: number;
  readonly conferences: number;
  readonly draining: boolean;
}

export const reportPeriodSeconds = 7.5;

export type BridgePhase = 'booting' | 'active' | 'draining' | 'restarting' | 'gone';

/** One simulated bridge. Times in seconds from the start of the scored week. */
export class SimBridge {
  readonly id: string;
  phase: BridgePhase = 'booting';
  count = 0;
  conferenceCount = 0;
  /** Joins of the last 20 s. */
  recentJoins = 0;
  readyAt = Infinity;
  endedAt = Infinity;
  drainSince: number | undefined;
  /** Since when it has been empty. */
  emptySince = 0;
  /** Has a free seat and takes conferences. */
  isOpen = false;
  /** Until when the seconds of its participants are accounted. */
  accountedUntil = 0;
  metrics: BridgeMetrics | undefined;
  pendingMetrics: BridgeMetrics | undefined;
  private reportedCount = 0;
  private reportedConferences = 0;
  private nextReportAt = -Infinity;

  constructor(
    readonly index: number,
    readonly zone: number,
    readonly launchedAt: number,
    /** Its own phase of reporting, 0 … 7.5 s. */
    private readonly reportOffset: number,
  ) {
    this.id = `i-${index.toString(16).padStart(17, '0')}`;
  }

  /**
   * Participants as of its newest report at `now`. Counts are constant between changes, so a look
   * is enough.
   */
  reportedAt(now: number): number {
    if (this.nextReportAt <= now) this.report(now);
    return this.reportedCount;
  }

  conferencesReportedAt(now: number): number {
    if (this.nextReportAt <= now) this.report(now);
    return this.reportedConferences;
  }

  /** To be called before a count changes, so that reports due before `now` tell the old one. */
  report(now: number): void {
    if (this.nextReportAt > now) return;
    this.reportedCount = this.count;
    this.reportedConferences = this.conferenceCount;
    const periods = Math.floor((now - this.reportOffset) / reportPeriodSeconds) + 1;
    this.nextReportAt = this.reportOffset + periods * reportPeriodSeconds;
  }
}
