import { refusalKind } from '../plan/refusal-kinds';
import type {
  ActionRecord,
  BridgeActionRecord,
  DescribedAction,
  LaunchRecord,
  PoolRefusals,
} from '../protocol/action-record';
import { describeReason } from './describe-reason';

/** An action with its words, as replies and decision records carry it. */
export function withWords(action: ActionRecord): DescribedAction {
  return { ...action, text: describeAction(action) };
}

/**
 * An action and what became of it, in words: `drain i-0abc (2 bridges sufficed for 600 s)`.
 */
export function describeAction(action: ActionRecord): string {
  const what = action.kind === 'launch' ? describeLaunch(action) : describeBridgeAction(action);
  const parts = [
    what,
    ...(action.status === 'done' || action.status === 'planned' ? [] : [action.status]),
    ...(action.detail === undefined ? [] : [action.detail]),
  ];
  const why = action.reason === undefined ? '' : ` (${describeReason(action.reason)})`;
  return `${parts.join(': ')}${why}`;
}

function describeLaunch({
  status,
  count,
  token,
  attempt,
  instanceIds,
  refusals = [],
  imageDropped,
}: LaunchRecord): string {
  const verb = attempt === 'repeat' ? 'repeat launch of' : 'launch';
  if (status === 'planned' || instanceIds === undefined) return `${verb} ${count} as ${token}`;
  const ids = instanceIds.length === 0 ? '' : ` (${instanceIds.join(', ')})`;
  const codes = refusals.map(describeRefusals).join(', ');
  return [
    `${verb} ${instanceIds.length} of ${count}${ids}`,
    ...(codes === '' ? [] : [codes]),
    ...(imageDropped === undefined ? [] : [`image ${imageDropped} is not used any more`]),
  ].join('; ');
}

function describeRefusals({ errorCode, pools, message }: PoolRefusals): string {
  return message === undefined
    ? `${errorCode} in ${pools} pools`
    : describeRefusal(errorCode, message);
}

/** `account limit: VcpuLimitExceeded: …`: what is not about the pools, in EC2's words. */
export function describeRefusal(errorCode: string, message: string): string {
  const kind = refusalKind(errorCode);
  const label =
    kind === 'account' ? 'account limit: ' : kind === 'permission' ? 'missing permission: ' : '';
  return `${label}${errorCode}: ${message}`;
}

function describeBridgeAction({ kind, instanceId, until }: BridgeActionRecord): string {
  const verb = kind === 'renewSecret' ? 'renew the secret of' : kind;
  return `${verb} ${instanceId}${until === undefined ? '' : ` until ${until}`}`;
}
