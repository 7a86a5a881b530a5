import {
  answerText,
  askToEnd,
  isEmptyForGood,
  type BridgeAnswer,
} from '../adapters/aws/bridge-client';
import type { BridgeInstance } from '../adapters/aws/ec2';
import type { BridgeAction } from '../core/model/action';
import { missingTrace } from '../core/protocol/origin';
import { tagKeys } from '../core/protocol/tags';
import { describeReason } from '../core/words/describe-reason';
import { done, tagDrain, type StepContext, type StepResult } from './step';

/**
 * The only ways in which the scaler terminates an instance. Unknown is never "no calls": a bridge
 * that was ever registered must say itself that it has none, after it refuses new ones.
 */

/** Refuses new calls for good, then reads again, then terminates: no call can slip in between. */
export async function endWhenEmpty(context: StepContext): Promise<StepResult> {
  const { ports, env, id } = context;
  const answer = await askToEnd(ports, env, id);
  if (!isEmptyForGood(answer)) return leave(context, answer);
  await ports.instances.terminate(id);
  return done;
}

/**
 * Drains first, so that the bridge no longer counts as capacity and is replaced, whether it answers
 * or not.
 */
export async function drainAndEnd(
  context: StepContext,
  { reason }: Pick<BridgeAction, 'reason'>,
): Promise<StepResult> {
  const { ports, bridge, id } = context;
  if (bridge?.drain === undefined)
    await tagDrain(ports, id, { by: 'autoscaler', reason: describeReason(reason) });
  return endWhenEmpty(context);
}

/**
 * Terminates a bridge that never came up, or whose instance is stopped. EC2 is read once more: it
 * may have been started or registered since. A bridge's service starts only after the registrar
 * has made its secret and set its tag, so one that has neither has no calls, unless it says so
 * itself; any other one is drained and must say that it is empty.
 */
export async function terminateSuspect(
  context: StepContext,
  action: Pick<BridgeAction, 'reason'>,
): Promise<StepResult> {
  const { ports, env, id } = context;
  const seen = await ports.instances.look(id);
  if (seen === undefined || seen.state === 'shutting-down') return done;
  if (missingTrace(seen, env.fleet, env.origin) !== undefined)
    return { status: 'skipped', detail: 'it is no longer an instance of the fleet' };
  if (seen.state === 'stopped') {
    await ports.instances.terminate(id);
    return done;
  }
  if (await mayHaveStarted(context, seen)) return drainAndEnd(context, action);
  const answer = await askToEnd(ports, env, id);
  if (answer.status === 'said' && !isEmptyForGood(answer)) return leave(context, answer);
  // While it was asked, the registrar may have run.
  const now = await ports.instances.look(id);
  if (now !== undefined && (await mayHaveStarted(context, now)))
    return drainAndEnd(context, action);
  await ports.instances.terminate(id);
  return done;
}

/** The tag can be removed by hand; the secret stays as long as the instance. */
async function mayHaveStarted(
  { ports, id }: StepContext,
  { tags }: BridgeInstance,
): Promise<boolean> {
  return tags[tagKeys.registered] !== undefined || (await ports.hasSecret(id));
}

function leave({ ports, id }: StepContext, answer: BridgeAnswer): StepResult {
  if (answer.status === 'said') return { status: 'skipped', detail: answerText(answer) };
  const detail = `${answerText(answer)}: it may have calls; terminate it yourself if it has none`;
  ports.log.error('bridge cannot be asked', { instanceId: id, detail });
  return { status: 'skipped', detail };
}
