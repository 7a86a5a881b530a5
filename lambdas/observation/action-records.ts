import {
  requestedCount,
  type Action,
  type BridgeAction,
  type LaunchAction,
} from '../core/model/action';
import type {
  ActionRecord,
  BridgeActionRecord,
  LaunchRecord,
} from '../core/protocol/action-record';

/** An action before it is carried out. */
export function plannedRecord(action: Action): ActionRecord {
  return action.kind === 'launch'
    ? { ...launchRecord(action), status: 'planned' }
    : { ...bridgeRecord(action), status: 'planned' };
}

/** What is known of a launch before EC2's answer. */
export function launchRecord({
  request,
  attempt,
  reason,
}: LaunchAction): Omit<LaunchRecord, 'status'> {
  return { kind: 'launch', count: requestedCount(request), token: request.token, attempt, reason };
}

export function bridgeRecord({
  kind,
  instanceId,
  reason,
}: BridgeAction): Omit<BridgeActionRecord, 'status'> {
  return { kind, instanceId, reason };
}
