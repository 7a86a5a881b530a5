import { requestedCount, type LaunchRequest } from '../model/action';
import type { LaunchOutcome, PoolRefusal } from '../model/launch-outcome';
import type { Memory } from '../model/memory';
import type { EpochSeconds } from '../protocol/time';
import { invisibleSeconds, someOf } from './boot-watch';
import { refusalSeconds } from './launch';
import { blamesImage, refusalKind } from './refusal-kinds';

/**
 * Memory after EC2 has answered a launch: the request is settled, what was launched is booting,
 * pools that refused for want of room are left out for a while, and an image that EC2 refused is
 * not used any more.
 *
 * Whether a repeated request lists its instances again EC2 does not promise: an answer with
 * nothing in it, of a part of the order too, leaves the launch pending until EC2 would list
 * whatever it made. So does a token that was used with other parameters, as by the deployment
 * before.
 */
export function rememberLaunch(
  memory: Memory,
  request: LaunchRequest,
  outcome: LaunchOutcome,
  now: EpochSeconds,
): Memory {
  const isOpen = now - request.orderedAt < invisibleSeconds && saysTooLittle(outcome);
  const imageId = refusedImage(request, outcome);
  const settled: Memory = {
    ...memory,
    ...(isOpen ? {} : { pendingLaunch: undefined }),
    ...(imageId === undefined ? {} : { refusedImage: imageId }),
  };
  if (outcome.status === 'refused') return settled;
  const launched = outcome.launched.map(({ instanceId }) => [instanceId, now] as const);
  return {
    ...settled,
    launches: launchesAfter(settled, request, launched.length, now),
    booting: someOf([...Object.entries(settled.booting), ...launched], settled.booting),
    refusals: refusalsAfter(settled, outcome.refusals, now),
    ...(isOpen ? {} : spotAfter(request, outcome.launched, now)),
  };
}

/**
 * An order that is answered again may list the same instances or others: all of them count, at
 * most as many as were ordered. Too many hold a launch back for a while, too few would make one
 * too many.
 */
function launchesAfter(
  { launches }: Memory,
  request: LaunchRequest,
  count: number,
  now: EpochSeconds,
): Memory['launches'] {
  const { token } = request;
  const before = launches.find((launch) => launch.token === token)?.count ?? 0;
  const known = Math.min(requestedCount(request), before + count);
  return [
    ...launches.filter((launch) => launch.token !== token),
    ...(known === 0 ? [] : [{ token, at: now, count: known }]),
  ];
}

/** Whether more may have been made than the answer tells. */
function saysTooLittle(outcome: LaunchOutcome): boolean {
  if (outcome.status === 'refused') return outcome.code === usedToken;
  const { launched, refusals, silentParts = 0 } = outcome;
  const isEmpty = launched.length === 0 && refusals.length === 0;
  return isEmpty || silentParts > 0 || refusals.some(({ code }) => code === usedToken);
}

/** EC2 made a launch for this token before. */
const usedToken = 'IdempotentParameterMismatch';

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
