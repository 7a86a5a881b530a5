import type { Drain } from '../protocol/drain-tag';
import type { DrainKind } from '../protocol/generation';
import type { LaunchSettings } from '../protocol/launch-settings';
import type { EpochSeconds } from '../protocol/time';

export type Market = 'on-demand' | 'spot';

/** What a bridge said in one minute, as the collector published it. */
export interface BridgeReport {
  /**
   * Start of the minute that the report belongs to; its age counts from here, so it is never
   * understated.
   */
  readonly minute: EpochSeconds;
  /** 1 = full; may exceed 1. */
  readonly stressRatio: number;
  /**
   * People and conferences; both are there, or neither. Absent = not asked for, which costs less:
   * unknown, never none.
   */
  readonly participantCount?: number;
  readonly conferenceCount?: number;
  /** The bridge says of itself that it takes no new conferences. Absent = not asked for. */
  readonly draining?: boolean;
}

/** Whether a report says that nobody was on the bridge; one whose people are unknown does not. */
export function saysEmpty({ participantCount, conferenceCount }: BridgeReport): boolean {
  return participantCount === 0 && conferenceCount === 0;
}

/** A bridge as EC2 knows it, joined with what it reported. */
export interface ObservedBridge {
  readonly instanceId: string;
  readonly state: 'pending' | 'running' | 'shutting-down' | 'stopping' | 'stopped';
  readonly instanceType: string;
  readonly zone: string;
  /** Unknown of a bridge that EC2 is taking away. */
  readonly subnetId?: string;
  readonly market: Market;
  readonly launchedAt: EpochSeconds;
  /** Capacity relative to the fleet's reference type. */
  readonly weight: number;
  readonly launchToken?: string;
  readonly registered: boolean;
  readonly drain?: Drain;
  readonly suspectSince?: EpochSeconds;
  readonly protectUntil?: EpochSeconds;
  /** Reports of the observed window, oldest first. */
  readonly reports: readonly BridgeReport[];
  /** Whether it reported at any time of its life, also before the window. */
  readonly everReported: boolean;
}

/** A 5-minute average of the fleet's load, as CloudWatch keeps it. */
export interface LoadSample {
  /** Start of the 5 minutes. */
  readonly at: EpochSeconds;
  /** Σ stress × weight over all running bridges, in reference bridges. */
  readonly load: number;
}

/** What the operator ordered and has not expired yet. */
export interface Overrides {
  readonly scale?: {
    readonly to: number;
    readonly until: EpochSeconds;
    /** Command that set it: a repeat of `by` finds its absolute number here. */
    readonly requestId?: string;
  };
  readonly bounds?: { readonly min?: number; readonly max?: number; readonly until: EpochSeconds };
  readonly pause?: { readonly until: EpochSeconds };
}

/** Everything that a decision is made of, besides policy and memory. */
export interface Snapshot {
  readonly now: EpochSeconds;
  readonly fleet: string;
  /** Whether a drain can be cancelled while the bridge has calls. */
  readonly drainKind: DrainKind;
  readonly launch: LaunchSettings;
  /** Prebaked image that fits the deployment; absent: the launch template's. */
  readonly imageId?: string;
  /**
   * Minutes in which the collector published, oldest first: its heartbeat. Empty = no load data.
   */
  readonly heartbeats: readonly EpochSeconds[];
  /**
   * When the collector began to hear the reports of the newest minute, by its own word; absent when
   * it is not known. CloudWatch knows minutes only, which makes data look up to a minute older.
   */
  readonly heardFrom?: EpochSeconds;
  readonly bridges: readonly ObservedBridge[];
  /**
   * Load of up to four weeks, newest last; gaps are absent. Empty = no forecast. What is made of
   * it is cached as long as the caller passes the same array.
   */
  readonly history: readonly LoadSample[];
  readonly overrides: Overrides;
}
