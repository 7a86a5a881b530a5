import type { EpochSeconds } from '../protocol/time';

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
