import type { BridgePhase, SimBridge } from './bridge';

/** Bridges of one conference, with the participants each has of it. */
export interface ConferenceBridge {
  readonly bridge: SimBridge;
  count: number;
}

/**
 * `split`: a conference spreads over bridges when one is full. `single`: it stays on one bridge.
 */
export type PlacementVariant = 'split' | 'single';

export interface PlacementSettings {
  readonly variant: PlacementVariant;
  /** True stress of one participant, which reports are made of. */
  readonly stressPerParticipant: number;
  /** What the selector adds for a join that is not reported yet. */
  readonly assumedStressPerParticipant: number;
  /** From this stress on a bridge is avoided. */
  readonly overloadStress: number;
  /** Most participants of one conference on one bridge. */
  readonly maxBridgeParticipants: number;
}

export const recentJoinSeconds = 20;
const tolerance = 1e-9;

/**
 * Chooses bridges as Jicofo does within one region (SplitBridgeSelectionStrategy, and its
 * single-bridge one).
 */
export class Placement {
  /** Joins not older than 20 s, oldest first; `head` is the oldest that counts. */
  private recent: { readonly at: number; readonly bridge: SimBridge }[] = [];
  private head = 0;

  constructor(private readonly settings: PlacementSettings) {}

  /** Last report plus joins of the last 20 s. */
  correctedStress(bridge: SimBridge, now: number): number {
    const { stressPerParticipant, assumedStressPerParticipant } = this.settings;
    return (
      bridge.reportedAt(now) * stressPerParticipant +
      bridge.recentJoins * assumedStressPerParticipant
    );
  }

  /** The bridge for one more participant, or undefined if there is no candidate. */
  choose(
    candidates: readonly SimBridge[],
    conference: readonly ConferenceBridge[],
    now: number,
  ): SimBridge | undefined {
    this.forgetOldJoins(now);
    const [home] = conference;
    if (this.settings.variant === 'single' && home !== undefined) return home.bridge;
    const phase = candidates[0]?.phase;
    const limit = this.settings.overloadStress - tolerance;
    const inConference = this.leastStressedOf(conference, phase, Infinity, now);
    if (inConference !== undefined && this.correctedStress(inConference, now) < limit)
      return inConference;
    let least: SimBridge | undefined;
    let leastStress = Infinity;
    for (const bridge of candidates) {
      const stress = this.correctedStress(bridge, now);
      if (stress < leastStress) {
        least = bridge;
        leastStress = stress;
      }
    }
    if (leastStress < limit) return least;
    const { maxBridgeParticipants } = this.settings;
    return this.leastStressedOf(conference, phase, maxBridgeParticipants, now) ?? least;
  }

  noteJoin(bridge: SimBridge, now: number): void {
    bridge.recentJoins += 1;
    this.recent.push({ at: now, bridge });
  }

  /**
   * Among the bridges of the conference that are in `phase` and have fewer than `most` of its
   * participants.
   */
  private leastStressedOf(
    conference: readonly ConferenceBridge[],
    phase: BridgePhase | undefined,
    most: number,
    now: number,
  ): SimBridge | undefined {
    let least: SimBridge | undefined;
    let leastStress = Infinity;
    for (const { bridge, count } of conference) {
      if (bridge.phase !== phase || count >= most) continue;
      const stress = this.correctedStress(bridge, now);
      if (stress >= leastStress) continue;
      least = bridge;
      leastStress = stress;
    }
    return least;
  }

  private forgetOldJoins(now: number): void {
    for (;;) {
      const oldest = this.recent[this.head];
      if (oldest === undefined || oldest.at > now - recentJoinSeconds) break;
      oldest.bridge.recentJoins -= 1;
      this.head += 1;
    }
    if (this.head > 4096) {
      this.recent = this.recent.slice(this.head);
      this.head = 0;
    }
  }
}
