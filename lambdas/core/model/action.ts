import type { BridgeActionKind } from '../protocol/action-record';
import type { DrainOrigin } from '../protocol/drain-tag';
import type { Reason } from '../protocol/reason';
import type { EpochSeconds } from '../protocol/time';

/**
 * All that the CreateFleet requests of one order are built from. It is stored before the first is
 * sent; a repeat with the same content and token is the same launch.
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
  /**
   * On-demand bridges of each of `subnetIds`, where they are spread over several: one CreateFleet
   * for each, since EC2 would take the first zone for all. Absent: one request for the whole order.
   */
  readonly onDemandPerSubnet?: readonly number[] | undefined;
  /** `<type>/<subnet>` pairs left out, since they had no capacity lately. */
  readonly excludedPools: readonly string[];
  /** In place of the launch template's image. */
  readonly imageId?: string | undefined;
}

/** Bridges that a request asks for. */
export function requestedCount({ onDemandCount, spotCount }: LaunchRequest): number {
  return onDemandCount + spotCount;
}

export interface LaunchAction {
  readonly kind: 'launch';
  readonly request: LaunchRequest;
  /** `repeat`: the request of an earlier tick whose answer was never recorded. */
  readonly attempt: 'first' | 'repeat';
  readonly reason: Reason;
}

export interface DrainAction {
  readonly kind: 'drain';
  readonly instanceId: string;
  readonly by: DrainOrigin;
  readonly reason: Reason;
}

export interface OtherBridgeAction {
  readonly kind: Exclude<BridgeActionKind, 'drain'>;
  readonly instanceId: string;
  readonly reason: Reason;
}

export type BridgeAction = DrainAction | OtherBridgeAction;

/** What to do, each with its reason; the executor re-validates whatever ends an instance. */
export type Action = LaunchAction | BridgeAction;
