import { answerText, askBridge } from '../adapters/aws/bridge-client';
import type { BridgeAction } from '../core/model/action';
import type { ObservedBridge } from '../core/model/snapshot';
import { tagKeys } from '../core/protocol/tags';
import { isoTime } from '../core/protocol/time';
import { describeReason } from '../core/words/describe-reason';
import { drainAndEnd, endWhenEmpty, terminateSuspect } from './end-bridge';
import type { ScalerEnv } from './env';
import type { Ports } from './ports';
import { done, tagDrain, type StepContext, type StepResult } from './step';

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
      return drainAndEnd(context, action);
    case 'suspect':
      return suspect(context);
    case 'unsuspect':
      return unsuspect(context);
    case 'terminate':
      return terminateSuspect(context, action);
  }
}

/**
 * The tag first: a crash after it leaves a drain that is ordered again, not one that nobody knows.
 */
async function drain(
  { ports, env, id }: StepContext,
  { by, reason }: Extract<BridgeAction, { readonly kind: 'drain' }>,
): Promise<StepResult> {
  await tagDrain(ports, id, { by, reason: describeReason(reason) });
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

async function suspect({ ports, id }: StepContext): Promise<StepResult> {
  await ports.instances.tag(id, { [tagKeys.suspect]: isoTime(ports.clock.now()) });
  return done;
}

async function unsuspect({ ports, id }: StepContext): Promise<StepResult> {
  await ports.instances.untag(id, [tagKeys.suspect]);
  return done;
}
