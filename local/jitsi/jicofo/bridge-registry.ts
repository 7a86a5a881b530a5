/** What the focus reads of a bridge's report. */
export interface BridgeReport {
  /** Load ÷ capacity as the bridge says it; may exceed 1. */
  readonly stressRatio: number;
  readonly participants: number;
  readonly conferences: number;
  readonly gracefulShutdown: boolean;
  /** Today's bridges only; the others never do. */
  readonly drain: boolean;
  readonly shuttingDown: boolean;
}

/** How a build of Jicofo places conferences. */
export interface PlacementRules {
  /** For so long, people who were just placed count beside what the bridge reports. */
  readonly recentMilliseconds: number;
  /** Stress that each of them counts for. */
  readonly participantStress: number;
  /** Bridges of a higher rank are used when there are none of a lower; undefined: never. */
  readonly rank: (report: BridgeReport) => number | undefined;
  /** Whether somebody who joins moves the conference off a bridge that takes no new ones. */
  readonly movesOnJoin: boolean;
}

/** Packets per second of a full bridge in Jicofo builds 540 to 580. */
export const maxBridgePacketRate = 50_800;

/** Jicofo builds 540 to 580. */
export const pubsubRules: PlacementRules = {
  recentMilliseconds: 10_000,
  participantStress: 500 / maxBridgePacketRate,
  rank: ({ gracefulShutdown }) => (gracefulShutdown ? undefined : 0),
  movesOnJoin: true,
};

/** Jicofo build 1195 (BridgeSelector.kt, Bridge.kt, reference.conf). */
export const breweryRules: PlacementRules = {
  recentMilliseconds: 20_000,
  participantStress: 0.01,
  rank: ({ drain, gracefulShutdown, shuttingDown }) =>
    shuttingDown ? undefined : (drain ? 2 : 0) + (gracefulShutdown ? 1 : 0),
  movesOnJoin: false,
};

/** A bridge that failed is not used before this has passed. */
const failureResetMilliseconds = 60_000;

export interface KnownBridge {
  readonly jid: string;
  readonly report: BridgeReport;
  /** Milliseconds. */
  readonly addedAt: number;
  readonly reportedAt: number;
}

interface HeldBridge extends KnownBridge {
  report: BridgeReport;
  reportedAt: number;
  failedAt: number | undefined;
  /** When people were placed (+) or left (-), for the time that reports lag behind. */
  recentChannels: { at: number; change: number }[];
}

/** The bridges that the focus may use, and which of them is next. Times are milliseconds. */
export class BridgeRegistry {
  private readonly held = new Map<string, HeldBridge>();

  constructor(
    private readonly maxReportAgeMilliseconds: number,
    readonly rules: PlacementRules = pubsubRules,
  ) {}

  add(jid: string, report: BridgeReport, now: number): void {
    this.held.set(jid, {
      jid,
      report,
      addedAt: now,
      reportedAt: now,
      failedAt: undefined,
      recentChannels: [],
    });
  }

  /** False when the bridge is not known: it has to be looked at first. */
  update(jid: string, report: BridgeReport, now: number): boolean {
    const bridge = this.held.get(jid);
    if (bridge === undefined) return false;
    bridge.report = report;
    bridge.reportedAt = now;
    return true;
  }

  remove(jid: string): boolean {
    return this.held.delete(jid);
  }

  /** It failed a health check: it gets no conferences for a while. */
  markFailed(jid: string, now: number): void {
    const bridge = this.held.get(jid);
    if (bridge !== undefined) bridge.failedAt = now;
  }

  /** Removes and returns the bridges that have been silent for too long. */
  expire(now: number): string[] {
    const silent = this.list().filter(
      ({ reportedAt }) => now - reportedAt > this.maxReportAgeMilliseconds,
    );
    for (const { jid } of silent) this.held.delete(jid);
    return silent.map(({ jid }) => jid);
  }

  /**
   * All bridges count as just heard of: while the focus itself was away, their silence meant
   * nothing.
   */
  forgiveSilence(now: number): void {
    for (const bridge of this.held.values()) bridge.reportedAt = now;
  }

  channelsChanged(jid: string, change: number, now: number): void {
    this.held.get(jid)?.recentChannels.push({ at: now, change });
  }

  /** What the bridge reports and the people that it cannot have reported yet; may exceed 1. */
  stress(jid: string, now: number): number {
    const bridge = this.held.get(jid);
    if (bridge === undefined) return 0;
    const { recentMilliseconds, participantStress } = this.rules;
    bridge.recentChannels = bridge.recentChannels.filter(({ at }) => now - at < recentMilliseconds);
    const added = bridge.recentChannels.reduce((sum, { change }) => sum + change, 0);
    return bridge.report.stressRatio + Math.max(0, added) * participantStress;
  }

  /** It takes new conferences, and not only for want of another. */
  isOperational(jid: string, now: number): boolean {
    return this.rank(jid, now) === 0;
  }

  /**
   * SingleBridge strategy: the least stressed bridge of the best rank. One that is overloaded
   * (0.8) comes after all that are not, which the order by stress already says; it is used when
   * nothing else is left.
   */
  select(now: number, except: ReadonlySet<string> = new Set()): string | undefined {
    return this.list()
      .flatMap(({ jid }) => {
        const rank = this.rank(jid, now);
        return rank === undefined || except.has(jid) ? [] : [{ jid, rank }];
      })
      .sort((a, b) => a.rank - b.rank || this.stress(a.jid, now) - this.stress(b.jid, now))[0]?.jid;
  }

  list(): KnownBridge[] {
    return [...this.held.values()];
  }

  private rank(jid: string, now: number): number | undefined {
    const bridge = this.held.get(jid);
    if (bridge === undefined) return undefined;
    const { failedAt } = bridge;
    if (failedAt !== undefined && now - failedAt < failureResetMilliseconds) return undefined;
    return this.rules.rank(bridge.report);
  }
}
