import type { LaunchAction, LaunchRequest } from '../core/model/action';
import type { LaunchedInstance, LaunchOutcome, PoolRefusal } from '../core/model/launch-outcome';
import { serializeMemory, type Memory } from '../core/model/memory';
import { refusedImage, rememberLaunch } from '../core/plan/remember-launch';
import { refusalKind } from '../core/plan/refusal-kinds';
import type { LaunchRecord, PoolRefusals } from '../core/protocol/action-record';
import { printable } from '../core/protocol/printable';
import { tagKeys } from '../core/protocol/tags';
import { describeRefusal } from '../core/words/describe-action';
import { launchRecord } from '../observation/action-records';
import type { Ports } from './ports';

export interface LaunchResult {
  readonly memory: Memory;
  readonly record: LaunchRecord;
}

/**
 * Stores the request, then sends it, then notes the answer. A crash after the first step leaves a
 * request that the next tick repeats word for word; EC2 makes the launch once per token.
 * @throws whatever leaves open whether instances were made (throttling, 5xx, time-out)
 */
export async function runLaunch(
  ports: Ports,
  action: LaunchAction,
  memory: Memory,
): Promise<LaunchResult> {
  const { request, attempt } = action;
  if (attempt === 'first') await ports.state.writeMemory(serializeMemory(memory));
  const outcome = await ports.instances.launch(request);
  if (outcome.status === 'answered') await tagWeights(ports, request, outcome.launched);
  return {
    memory: rememberLaunch(memory, request, outcome, ports.clock.now()),
    record: recordOf(action, outcome),
  };
}

/** One request has one set of tags, so types of different weight are tagged by what came. */
async function tagWeights(
  ports: Ports,
  request: LaunchRequest,
  launched: readonly LaunchedInstance[],
): Promise<void> {
  const weights = new Map(request.instanceTypes.map(({ type, weight }) => [type, weight]));
  if (new Set(weights.values()).size <= 1) return;
  for (const { instanceId, instanceType } of launched)
    await ports.instances.tag(instanceId, {
      [tagKeys.weight]: String(weights.get(instanceType) ?? 1),
    });
}

function recordOf(action: LaunchAction, outcome: LaunchOutcome): LaunchRecord {
  const asked = launchRecord(action);
  const imageDropped = refusedImage(action.request, outcome);
  const image = imageDropped === undefined ? {} : { imageDropped };
  if (outcome.status === 'refused')
    return {
      ...asked,
      status: 'failed',
      instanceIds: [],
      detail: describeRefusal(outcome.code, printable(outcome.message, messageCharacters)),
      ...image,
    };
  const instanceIds = outcome.launched.map(({ instanceId }) => instanceId);
  const refusals = countByCode(outcome.refusals);
  return {
    ...asked,
    status: statusOf(instanceIds.length, asked.count),
    instanceIds,
    ...(refusals.length === 0 ? {} : { refusals }),
    ...image,
  };
}

function statusOf(launched: number, asked: number): LaunchRecord['status'] {
  if (launched >= asked) return 'done';
  return launched === 0 ? 'failed' : 'partial';
}

/** The decision record, of which memory keeps a copy, has no room for more of a message. */
const messageCharacters = 300;

/**
 * One entry a code; with EC2's words for what is not about the pools, since only they say what to
 * do.
 */
function countByCode(refusals: readonly PoolRefusal[]): readonly PoolRefusals[] {
  const byCode = new Map<string, PoolRefusals>();
  for (const { code, message } of refusals) {
    const kind = refusalKind(code);
    const isAboutPools = kind === 'pool' || kind === 'untried';
    const told = isAboutPools ? {} : { message: printable(message, messageCharacters) };
    const pools = (byCode.get(code)?.pools ?? 0) + 1;
    byCode.set(code, { ...told, ...byCode.get(code), errorCode: code, pools });
  }
  return [...byCode.values()];
}
