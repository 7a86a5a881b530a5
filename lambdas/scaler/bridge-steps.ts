import {
  answerText,
  askBridge,
  askToEnd,
  hasCalls,
  isEmptyForGood,
} from '../adapters/aws/bridge-client';
import type { BridgeAction } from '../core/model/action';
import type { ObservedBridge } from '../core/model/snapshot';
import type { ActionStatus } from '../core/protocol/action-record';
import { formatDrainTag } from '../core/protocol/drain-tag';
import { tagKeys } from '../core/protocol/tags';
import { isoTime } from '../core/protocol/time';
import { describeReason } from '../core/words/describe-reason';
import type { ScalerEnv } from './env';
import type { Ports } from './ports';

/** What became of an action on one bridge. */
export interface StepResult {
  readonly status: Extract<ActionStatus, 'done' | 'skipped' | 'failed'>;
  /** What the bridge said of it, for people. */
  readonly detail?: string;
}

interface StepContext {
  readonly ports: Ports;
  readonly env: ScalerEnv;
  readonly bridge: ObservedBridge | undefined;
  readonly id: string;
}

const done: StepResult = { status: 'done' };

/**
 * Carries out one action on one bridge; each can be repeated after a crash between any two calls.
 */
export async function runStep(
  ports: Ports,
  env: ScalerEnv,
  bridge: ObservedBridge | undefined,
  action: BridgeAction,
): Promise<StepResult> {
  const context: StepContext = { ports, env, bridge, id: action.instanceId };
  switch (action.kind) {
    case 'drain':
      return drain(context, action);
    case 'undrain':
    case 'recycle':
      return undrain(context, action.kind);
    case 'retire':
      return endWhenEmpty(context);
    case 'repair':
      return repair(context);
    // Silent is what we do not hear or believe, such as reports with a wrong clock: Jicofo may go
    // on using the bridge, so it ends only as one that retires does.
    case 'replace':
      return endWhenEmpty(context);
    case 'suspect':
      return suspect(context);
    case 'unsuspect':
      return unsuspect(context);
    case 'terminate':
      return terminate(context);
  }
}

/**
 * The tag first: a crash after it leaves a drain that is ordered again, not one that nobody knows.
 */
async function drain(
  { ports, env, id }: StepContext,
  { by, reason }: Extract<BridgeAction, { readonly kind: 'drain' }>,
): Promise<StepResult> {
  const since = ports.clock.now();
  await ports.instances.tag(id, {
    [tagKeys.drain]: formatDrainTag({ since, by, reason: describeReason(reason) }),
  });
  const answer = await askBridge(ports, env, id, 'drain');
  const isConfirmed = answer.status === 'said' && answer.word.ok;
  return isConfirmed
    ? done
    : { status: 'done', detail: `tagged, not confirmed yet (${answerText(answer)})` };
}

/** The bridge first: until it takes calls again, the tag keeps it from being counted as active. */
async function undrain(
  { ports, env, id }: StepContext,
  action: 'undrain' | 'recycle',
): Promise<StepResult> {
  const answer = await askBridge(ports, env, id, action);
  if (answer.status !== 'said' || !answer.word.ok)
    return { status: 'failed', detail: answerText(answer) };
  await ports.instances.untag(id, [tagKeys.drain]);
  return done;
}

/** The bridge looks for calls itself before it restarts, at the last moment. */
async function repair({ ports, env, id }: StepContext): Promise<StepResult> {
  const answer = await askBridge(ports, env, id, 'restart');
  return answer.status === 'said' && answer.word.ok
    ? { status: 'done', detail: 'restarted' }
    : { status: 'skipped', detail: answerText(answer) };
}

/** Refuses new calls for good, then reads again, then terminates: no call can slip in between. */
async function endWhenEmpty({ ports, env, id }: StepContext): Promise<StepResult> {
  const answer = await askToEnd(ports, env, id);
  if (!isEmptyForGood(answer)) return { status: 'skipped', detail: answerText(answer) };
  await ports.instances.terminate(id);
  return done;
}

async function suspect({ ports, id }: StepContext): Promise<StepResult> {
  await ports.instances.tag(id, { [tagKeys.suspect]: isoTime(ports.clock.now()) });
  return done;
}

async function unsuspect({ ports, id }: StepContext): Promise<StepResult> {
  await ports.instances.untag(id, [tagKeys.suspect]);
  return done;
}

/** It never reported; its own word is heard all the same, as long as it has one. */
async function terminate({ ports, env, bridge, id }: StepContext): Promise<StepResult> {
  if (bridge?.state === 'running') {
    const answer = await askBridge(ports, env, id, 'status');
    if (hasCalls(answer)) return { status: 'skipped', detail: answerText(answer) };
  }
  await ports.instances.terminate(id);
  return done;
}
