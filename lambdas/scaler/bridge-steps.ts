import {
  askBridge,
  askToEnd,
  hasCalls,
  isEmptyForGood,
  wordText,
} from '../adapters/aws/bridge-client';
import { tagKeys } from '../core/protocol/tags';
import type { Action, BridgeActionKind } from '../core/model/action';
import type { ObservedBridge } from '../core/model/snapshot';
import type { ScalerEnv } from './env';
import { isoTime } from './iso-time';
import type { Ports } from './ports';

/** What became of an action on one bridge; `text` is a sentence for people. */
export interface StepResult {
  readonly status: 'done' | 'held' | 'failed';
  readonly text: string;
}

export type BridgeStep = Extract<Action, { readonly instanceId: string }>;

interface StepContext {
  readonly ports: Ports;
  readonly env: ScalerEnv;
  readonly bridge: ObservedBridge | undefined;
  readonly id: string;
  readonly reason: string;
}

type Step = (context: StepContext) => Promise<StepResult>;

/** Carries out one action on one bridge; each can be repeated after a crash between any two calls. */
export async function runStep(
  ports: Ports,
  env: ScalerEnv,
  bridge: ObservedBridge | undefined,
  action: BridgeStep,
): Promise<StepResult> {
  const { instanceId: id, reason } = action;
  return steps[action.kind]({ ports, env, bridge, id, reason });
}

const steps: Readonly<Record<BridgeActionKind, Step>> = {
  /** The tag first: a crash after it leaves a drain that is ordered again, not one that nobody knows. */
  async drain({ ports, env, id, reason }) {
    await ports.instances.tag(id, { [tagKeys.drain]: tagText(ports, reason) });
    const answer = await askBridge(ports, env, id, 'drain');
    const isConfirmed = answer.status === 'said' && answer.word.ok;
    return isConfirmed
      ? { status: 'done', text: `drain ${id}` }
      : { status: 'done', text: `drain ${id}: tagged, not confirmed yet (${wordText(answer)})` };
  },
  undrain: (context) => takeBack(context, 'undrain'),
  recycle: (context) => takeBack(context, 'recycle'),
  retire: (context) => endWhenEmpty(context, 'retire', context.id),
  /** The bridge looks for calls itself before it restarts, at the last moment. */
  async repair({ ports, env, id }) {
    const answer = await askBridge(ports, env, id, 'restart');
    return answer.status === 'said' && answer.word.ok
      ? { status: 'done', text: `repair ${id}: restarted` }
      : { status: 'held', text: `repair ${id}: ${wordText(answer)}` };
  },
  /**
   * Silent is what we do not hear or believe, such as reports with a wrong clock: Jicofo may go on using
   * the bridge, so it goes only as one that retires does.
   */
  replace: (context) => endWhenEmpty(context, 'replace', `silent ${context.id}`),
  async suspect({ ports, id, reason }) {
    await ports.instances.tag(id, { [tagKeys.suspect]: isoTime(ports.clock.now()) });
    return { status: 'done', text: `suspect ${id}: ${reason}` };
  },
  async unsuspect({ ports, id }) {
    await ports.instances.untag(id, [tagKeys.suspect]);
    return { status: 'done', text: `unsuspect ${id}` };
  },
  /** It never reported; its own word is heard all the same, as long as it has one. */
  async discard({ ports, env, bridge, id, reason }) {
    if (bridge?.state === 'running') {
      const answer = await askBridge(ports, env, id, 'status');
      if (hasCalls(answer))
        return { status: 'held', text: `${id} is not terminated: ${wordText(answer)}` };
    }
    await ports.instances.terminate(id);
    return { status: 'done', text: `discard ${id}: ${reason}` };
  },
};

/** Refuses new calls for good, then reads again, then terminates: no call can slip in between. */
async function endWhenEmpty(
  { ports, env, id }: StepContext,
  kind: 'retire' | 'replace',
  subject: string,
): Promise<StepResult> {
  const answer = await askToEnd(ports, env, id);
  if (!isEmptyForGood(answer))
    return { status: 'held', text: `${subject} is not terminated: ${wordText(answer)}` };
  await ports.instances.terminate(id);
  return { status: 'done', text: `${kind} ${id}` };
}

/** The bridge first: until it takes calls again, the tag keeps it from being counted as active. */
async function takeBack(
  { ports, env, id }: StepContext,
  action: 'undrain' | 'recycle',
): Promise<StepResult> {
  const answer = await askBridge(ports, env, id, action);
  if (answer.status !== 'said' || !answer.word.ok)
    return { status: 'failed', text: `${action} ${id}: ${wordText(answer)}` };
  await ports.instances.untag(id, [tagKeys.drain]);
  return { status: 'done', text: `${action} ${id}` };
}

/** `<ISO time> <reason>`, within the 256 characters and the alphabet that every AWS service takes in tags. */
function tagText(ports: Ports, reason: string): string {
  const readable = reason.replace(/[^\w .:/=+@-]+/g, ' ').trim();
  return `${isoTime(ports.clock.now())} ${readable}`.slice(0, 200);
}
