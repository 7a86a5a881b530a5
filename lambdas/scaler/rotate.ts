import { askBridge, askToEnd, isEmptyForGood, wordText } from '../adapters/aws/bridge-client';
import { tagKeys } from '../core/protocol/tags';
import { operatorPrefix } from '../core/demand/reserve';
import type { StepResult } from './bridge-steps';
import type { ScalerEnv } from './env';
import { isoTime } from './iso-time';
import type { Ports } from './ports';

/**
 * Gives a drained bridge another secret. A running bridge keeps the one that it was started with and
 * would be refused with it at its next login, so it first takes no calls for good, and is started
 * again with the new one at once. A crash in between leaves a drained and empty bridge, which the ticks retire; the
 * operator's drain keeps them from taking it back.
 */
export async function rotate(ports: Ports, env: ScalerEnv, id: string): Promise<StepResult> {
  const drain = `${isoTime(ports.clock.now())} ${operatorPrefix} rotate`;
  await ports.instances.tag(id, { [tagKeys.drain]: drain });
  const status = await askToEnd(ports, env, id);
  if (!isEmptyForGood(status))
    return { status: 'held', text: `secret of ${id} is not rotated: ${wordText(status)}` };
  try {
    await ports.rotateSecret(id);
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
    return { status: 'failed', text: `rotate ${id}: the registrar failed (${text})` };
  }
  const renewed = await askBridge(ports, env, id, 'renew');
  if (renewed.status !== 'said' || !renewed.word.ok)
    return { status: 'failed', text: `rotate ${id}: it stays drained, ${wordText(renewed)}` };
  await ports.instances.untag(id, [tagKeys.drain]);
  return { status: 'done', text: `rotate ${id}` };
}
