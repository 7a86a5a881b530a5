import type { SimBridge } from './bridge';

/**
 * What is counted while a week runs; only the scored time counts. Seconds, unless named otherwise.
 */
export class Ledger {
  participantSeconds = 0;
  overloadedSeconds = 0;
  overloadedAt1Seconds = 0;
  refusedSeconds = 0;
  forcedDisconnects = 0;
  faultDisconnects = 0;
  launches = 0;
  refusedLaunches = 0;
  drains = 0;
  undrains = 0;
  recycles = 0;
  /** Bridges drained or ended by the controller while the newest metrics were older than 90 s. */
  removedWithoutMetrics = 0;
  bridgeSeconds = 0;
  drainSeconds = 0;
  /** From "no active bridge has a free seat" until one has. */
  readonly shortages: number[] = [];
  private shortSince: number | undefined;

  constructor(
    private readonly stressPerParticipant: number,
    private readonly overloadStress: number,
    private readonly range: { readonly from: number; readonly to: number },
  ) {}

  isScored(at: number): boolean {
    return at >= this.range.from && at < this.range.to;
  }

  /** Seconds of [from, to] that are scored. */
  scored(from: number, to: number): number {
    return Math.max(0, Math.min(to, this.range.to) - Math.max(from, this.range.from));
  }

  /**
   * Accounts for the participants of a bridge up to `now`; to be called before their number
   * changes.
   */
  account(bridge: SimBridge, now: number): void {
    const seconds = this.scored(bridge.accountedUntil, now) * bridge.count;
    bridge.accountedUntil = now;
    if (seconds === 0) return;
    const stress = bridge.count * this.stressPerParticipant;
    this.participantSeconds += seconds;
    if (stress > this.overloadStress + 1e-9) this.overloadedSeconds += seconds;
    if (stress > 1 + 1e-9) this.overloadedAt1Seconds += seconds;
  }

  refuse(now: number, leaveAt: number): void {
    const seconds = this.scored(now, leaveAt);
    this.refusedSeconds += seconds;
    this.participantSeconds += seconds;
  }

  /** Tells how many active bridges have a free seat from now on. */
  seats(openCount: number, now: number): void {
    if (openCount === 0) this.shortSince ??= now;
    else if (this.shortSince !== undefined) {
      this.endShortage(this.shortSince, now);
      this.shortSince = undefined;
    }
  }

  close(bridges: readonly SimBridge[]): void {
    if (this.shortSince !== undefined) this.endShortage(this.shortSince, this.range.to);
    for (const bridge of bridges) {
      this.account(bridge, this.range.to);
      this.bridgeSeconds += this.scored(bridge.launchedAt, bridge.endedAt);
      this.endDrain(bridge, this.range.to);
    }
  }

  endDrain(bridge: SimBridge, now: number): void {
    if (bridge.drainSince === undefined) return;
    this.drainSeconds += this.scored(bridge.drainSince, now);
    bridge.drainSince = undefined;
  }

  private endShortage(since: number, until: number): void {
    if (this.isScored(since)) this.shortages.push(until - since);
  }
}
