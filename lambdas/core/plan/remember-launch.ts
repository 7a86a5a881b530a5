import type { LaunchRequest } from '../model/action';
import type { LaunchOutcome, PoolRefusal } from '../model/launch-outcome';
import type { Memory } from '../model/memory';
import type { EpochSeconds } from '../protocol/time';
import { invisibleSeconds } from './boot-watch';
import { refusalSeconds } from './launch';
import { blamesImage, refusalKind } from './refusal-kinds';

/**
 * Memory after EC2 has answered a launch: the request is settled, what was launched is booting,
 * pools that refused for want of room are left out for a while, and an image that EC2 refused is
 * not used any more.
 *
 * Whether a repeated request lists its instances again EC2 does not promise: an answer with
 * nothing in it leaves the launch pending until EC2 would list whatever it made.
 */
export function rememberLaunch(
  memory: Memory,
  request: LaunchRequest,
  outcome: LaunchOutcome,
  now: EpochSeconds,
): Memory {
  if (saysNothing(outcome) && now - request.orderedAt < invisibleSeconds) return memory;
  const imageId = refusedImage(request, outcome);
  const settled: Memory = {
    ...memory,
    pendingLaunch: undefined,
    ...(imageId === undefined ? {} : { refusedImage: imageId }),
  };
  if (outcome.status === 'refused') return settled;
  const launched = outcome.launched.map(({ instanceId }) => [instanceId, now] as const);
  return {
    ...settled,
    booting: { ...settled.booting, ...Object.fromEntries(launched) },
    refusals: refusalsAfter(settled, outcome.refusals, now),
    ...spotAfter(request, outcome.launched, now),
  };
}

function saysNothing(outcome: LaunchOutcome): boolean {
  return (
    outcome.status === 'answered' && outcome.launched.length === 0 && outcome.refusals.length === 0
  );
}

/**
 * The prebaked image of a request that EC2 refused for it: one that somebody removed must not stop
 * launches.
 */
export function refusedImage(
  { imageId }: LaunchRequest,
  outcome: LaunchOutcome,
): string | undefined {
  if (imageId === undefined) return undefined;
  const refusals = outcome.status === 'refused' ? [outcome] : outcome.refusals;
  return refusals.some((refusal) => blamesImage(refusal, imageId)) ? imageId : undefined;
}

/** Whether spot is short, known anew with each request that asks for spot. */
function spotAfter(
  { spotCount }: LaunchRequest,
  launched: LaunchOutcomeAnswer['launched'],
  now: EpochSeconds,
): Pick<Memory, 'spotShortUntil'> {
  if (spotCount === 0) return {};
  const got = launched.filter(({ market }) => market === 'spot').length;
  return { spotShortUntil: got < spotCount ? now + refusalSeconds : undefined };
}

type LaunchOutcomeAnswer = Extract<LaunchOutcome, { readonly status: 'answered' }>;

/**
 * A pool is left out for its own reasons only: a limit of the account or a missing right says
 * nothing about it.
 */
function refusalsAfter(
  memory: Memory,
  refusals: readonly PoolRefusal[],
  now: EpochSeconds,
): Memory['refusals'] {
  const refused = refusals.flatMap(({ instanceType, subnetId, market, code }) =>
    instanceType === undefined || subnetId === undefined || refusalKind(code) !== 'pool'
      ? []
      : [{ pool: `${instanceType}/${subnetId}`, market, until: now + refusalSeconds }],
  );
  const isRefusedAgain = (old: Memory['refusals'][number]) =>
    refused.some(({ pool, market }) => pool === old.pool && market === old.market);
  return [...memory.refusals.filter((old) => old.until > now && !isRefusedAgain(old)), ...refused];
}
