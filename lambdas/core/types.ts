import type { LaunchSettings } from './launch-settings';

/** How bridges and Jicofo speak to each other; decides whether a drain can be taken back. */
export type Generation = 'component' | 'muc';

export type Market = 'on-demand' | 'spot';

/** Epoch seconds, UTC. */
export type EpochSeconds = number;

/** What a bridge said in one minute, as the collector published it. */
export interface BridgeReport {
  /** Start of the minute that the report belongs to; its age counts from here, so it is never understated. */
  readonly minute: EpochSeconds;
  /** 1 = full; may exceed 1. */
  readonly stressRatio: number;
  readonly participantCount: number;
  readonly conferenceCount: number;
  /** The bridge says of itself that it takes no new conferences. */
  readonly draining: boolean;
}

/** A bridge as EC2 knows it, joined with what it reported. */
export interface ObservedBridge {
  readonly instanceId: string;
  readonly state: 'pending' | 'running' | 'shutting-down' | 'stopping' | 'stopped';
  readonly instanceType: string;
  readonly zone: string;
  readonly market: Market;
  readonly launchedAt: EpochSeconds;
  /** Capacity relative to the fleet's reference type. */
  readonly weight: number;
  readonly launchToken?: string;
  readonly registered: boolean;
  readonly drain?: { readonly since: EpochSeconds; readonly reason: string };
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
  readonly generation: Generation;
  readonly launch: LaunchSettings;
  /** Prebaked image that fits the deployment; absent: the launch template's. */
  readonly imageId?: string;
  /** Minutes in which the collector published, oldest first: its heartbeat. Empty = no load data. */
  readonly heartbeats: readonly EpochSeconds[];
  readonly bridges: readonly ObservedBridge[];
  /**
   * Load of up to four weeks, newest last; gaps are absent. Empty = no forecast. What is made of it is kept as long as the
   * caller passes the same array.
   */
  readonly history: readonly LoadSample[];
  readonly overrides: Overrides;
}

/**
 * All that a CreateFleet request is built from. It is stored before the request is sent; a repeat
 * with the same content and token is the same launch.
 */
export interface LaunchRequest {
  readonly token: string;
  readonly orderedAt: EpochSeconds;
  readonly launchTemplateId: string;
  readonly launchTemplateVersion: string;
  readonly onDemandCount: number;
  readonly spotCount: number;
  /** In order of preference. */
  readonly instanceTypes: readonly { readonly type: string; readonly weight: number }[];
  readonly subnetIds: readonly string[];
  /** `<type>/<subnet>` pairs left out, since they had no capacity lately. */
  readonly without: readonly string[];
  /** In place of the launch template's image. */
  readonly imageId?: string | undefined;
}

/** What to do, each with its reason; the executor re-validates whatever ends an instance. */
export type Action = (
  | {
      readonly kind: 'launch';
      readonly request: LaunchRequest;
      /** `repeat`: the request of an earlier tick whose answer was never recorded. */
      readonly attempt: 'first' | 'repeat';
    }
  | { readonly kind: BridgeActionKind; readonly instanceId: string }
) & { readonly reason: string };

/**
 * - `drain`: tag, then tell the bridge.
 * - `undrain` (muc): take the drain back, calls go on.
 * - `recycle` (component): restart the service of an empty draining bridge.
 * - `retire`: refuse new calls for good, re-read, terminate when still empty.
 * - `repair`: restart the service of a silent bridge unless it has participants.
 * - `replace`: terminate a silent bridge, if it says itself that it has no participants.
 * - `suspect` / `unsuspect`: first of two looks at a bridge that never came up, or the look taken back.
 * - `discard`: second look: terminate a bridge that never reported, or that is stopped.
 */
export type BridgeActionKind =
  | 'drain'
  | 'undrain'
  | 'recycle'
  | 'retire'
  | 'repair'
  | 'replace'
  | 'suspect'
  | 'unsuspect'
  | 'discard';
