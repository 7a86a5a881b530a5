import { answerText, askBridge, askToEnd, isEmptyForGood } from '../adapters/aws/bridge-client';
import { printableError } from '../core/protocol/printable';
import { tagKeys } from '../core/protocol/tags';
import type { ScalerEnv } from './env';
import type { Ports } from './ports';
import { tagDrain, type StepResult } from './step';

/**
 * Gives a drained bridge another secret. A running bridge keeps the one that it was started with
 * and would be refused with it at its next login, so it first takes no calls for good, and is
 * started again with the new one at once. A crash in between leaves a drained and empty bridge,
 * which the ticks retire; the operator's drain keeps them from undraining it.
 */
export async function renewSecret(ports: Ports, env: ScalerEnv, id: string): Promise<StepResult> {
  await tagDrain(ports, id, { by: 'operator', reason: 'renew secret' });
  const status = await askToEnd(ports, env, id);
  if (!isEmptyForGood(status)) return { status: 'skipped', detail: answerText(status) };
  try {
    await ports.rotateSecret(id);
  } catch (error) {
    return { status: 'failed', detail: `the registrar failed (${printableError(error)})` };
  }
  const renewed = await askBridge(ports, env, id, 'renew');
  if (renewed.status !== 'said' || !renewed.word.ok)
    return { status: 'failed', detail: `it stays drained, ${answerText(renewed)}` };
  await ports.instances.untag(id, [tagKeys.drain]);
  return { status: 'done' };
}
