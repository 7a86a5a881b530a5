import type { LaunchOutcome, LaunchedInstance } from '../adapters/aws/create-fleet';
import { tagKeys } from '../core/protocol/tags';
import { refusalSeconds } from '../core/plan/launch';
import { serializeMemory, type Memory } from '../core/model/memory';
import type { Action, LaunchRequest } from '../core/model/action';
import type { Ports } from './ports';

export type LaunchAction = Extract<Action, { readonly kind: 'launch' }>;

export interface LaunchResult {
  readonly memory: Memory;
  readonly launched: readonly LaunchedInstance[];
  /** Bridges asked for and not got. */
  readonly missingCount: number;
  readonly text: string;
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
  const { settled, imageText } = withoutRefusedImage(request, outcome, {
    ...memory,
    pendingLaunch: undefined,
  });
  if (outcome.status === 'refused')
    return {
      memory: settled,
      launched: [],
      missingCount: request.onDemandCount + request.spotCount,
      text: `launch refused: ${outcome.code} ${outcome.message}${imageText}`,
    };
  await tagWeights(ports, request, outcome.launched);
  const wantedCount = request.onDemandCount + request.spotCount;
  const missingCount = Math.max(0, wantedCount - outcome.launched.length);
  return {
    memory: rememberAnswer(settled, outcome, ports.clock.now()),
    launched: outcome.launched,
    missingCount,
    text: `${answerText(wantedCount, outcome)}${imageText}`,
  };
}

/** Codes of EC2 that another image can help against: gone, not shared, or larger than the configured volume. */
const imageRefusal =
  /^(InvalidAMI|InvalidImage|InvalidBlockDeviceMapping|UnauthorizedOperation|Unauthorized)/;

/** A prebaked image that somebody removed must not stop launches: from the next on the configured one is used. */
function withoutRefusedImage(
  { imageId }: LaunchRequest,
  outcome: LaunchOutcome,
  settled: Memory,
): { readonly settled: Memory; readonly imageText: string } {
  const codes =
    outcome.status === 'refused' ? [outcome.code] : outcome.refusals.map(({ code }) => code);
  if (imageId === undefined || !codes.some((code) => imageRefusal.test(code)))
    return { settled, imageText: '' };
  return {
    settled: { ...settled, refusedImage: imageId },
    imageText: `; image ${imageId} is not used any more`,
  };
}

type Answer = Extract<LaunchOutcome, { readonly status: 'answered' }>;

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

function rememberAnswer(memory: Memory, { launched, refusals }: Answer, now: number): Memory {
  const refused = refusals.flatMap(({ instanceType, subnetId, market }) =>
    instanceType === undefined || subnetId === undefined
      ? []
      : [{ pool: `${instanceType}/${subnetId}`, market, until: now + refusalSeconds }],
  );
  const isRefusedAgain = (old: Memory['refusals'][number]) =>
    refused.some(({ pool, market }) => pool === old.pool && market === old.market);
  return {
    ...memory,
    booting: {
      ...memory.booting,
      ...Object.fromEntries(launched.map(({ instanceId }) => [instanceId, now])),
    },
    refusals: [
      ...memory.refusals.filter((old) => old.until > now && !isRefusedAgain(old)),
      ...refused,
    ],
  };
}

function answerText(wantedCount: number, { launched, refusals }: Answer): string {
  const ids = launched.map(({ instanceId }) => instanceId).join(', ');
  const codes = [...new Set(refusals.map(({ code }) => code))].join(', ');
  return [
    `launch ${launched.length} of ${wantedCount}${ids === '' ? '' : `: ${ids}`}`,
    ...(codes === '' ? [] : [`refused by ${refusals.length} pools (${codes})`]),
  ].join('; ');
}
