/** Packets per second of a full bridge, and of one participant, in Jicofo builds 540 to 580. */
export const maxBridgePacketRate = 50_800;
export const averageParticipantPacketRate = 500;
const recentMilliseconds = 10_000;

/** What the focus reads of a bridge's report. */
export interface BridgeReport {
  readonly packetRate: number;
  readonly participants: number;
  readonly conferences: number;
  readonly gracefulShutdown: boolean;
}

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
  /** When video channels were added (+) or removed (-), for the time that reports lag behind. */
  recentChannels: { at: number; change: number }[];
}

/** The bridges that the focus may use, and which of them is next. Times are milliseconds. */
export class BridgeRegistry {
  private readonly held = new Map<string, HeldBridge>();

  constructor(private readonly maxReportAgeMilliseconds: number) {}

  add(jid: string, report: BridgeReport, now: number): void {
    this.held.set(jid, { jid, report, addedAt: now, reportedAt: now, recentChannels: [] });
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

  /** Removes and returns the bridges that have been silent for too long. */
  expire(now: number): string[] {
    const silent = this.list().filter(
      ({ reportedAt }) => now - reportedAt > this.maxReportAgeMilliseconds,
    );
    for (const { jid } of silent) this.held.delete(jid);
    return silent.map(({ jid }) => jid);
  }

  /** All bridges count as just heard of: while the focus itself was away, their silence meant nothing. */
  forgiveSilence(now: number): void {
    for (const bridge of this.held.values()) bridge.reportedAt = now;
  }

  channelsChanged(jid: string, change: number, now: number): void {
    this.held.get(jid)?.recentChannels.push({ at: now, change });
  }

  /** `(packet rate + channels of the last 10 s × 500) / 50800`; may exceed 1. */
  stress(jid: string, now: number): number {
    const bridge = this.held.get(jid);
    if (bridge === undefined) return 0;
    bridge.recentChannels = bridge.recentChannels.filter(({ at }) => now - at < recentMilliseconds);
    const added = bridge.recentChannels.reduce((sum, { change }) => sum + change, 0);
    const expected = Math.max(0, added) * averageParticipantPacketRate;
    return (bridge.report.packetRate + expected) / maxBridgePacketRate;
  }

  isOperational(jid: string): boolean {
    return this.held.get(jid)?.report.gracefulShutdown === false;
  }

  /**
   * SingleBridge strategy: the least stressed operational bridge. One that is overloaded (0.8) comes
   * after all that are not, which the order by stress already says; it is used when nothing else is left.
   */
  select(now: number, except: ReadonlySet<string> = new Set()): string | undefined {
    return this.list()
      .map(({ jid }) => jid)
      .filter((jid) => this.isOperational(jid) && !except.has(jid))
      .sort((a, b) => this.stress(a, now) - this.stress(b, now))[0];
  }

  list(): KnownBridge[] {
    return [...this.held.values()];
  }
}
