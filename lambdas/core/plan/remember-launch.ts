import type { LaunchRequest } from '../model/action';
import type { LaunchOutcome, PoolRefusal } from '../model/launch-outcome';
import type { Memory } from '../model/memory';
import type { EpochSeconds } from '../protocol/time';
import { refusalSeconds } from './launch';

/**
 * Memory after EC2 has answered a launch: the request is settled, what was launched is booting, the pools that
 * refused are left out for a while, and an image that EC2 refused is not used any more.
 */
export function rememberLaunch(
  memory: Memory,
  request: LaunchRequest,
  outcome: LaunchOutcome,
  now: EpochSeconds,
): Memory {
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
  };
}

/** Codes of EC2 that another image can help against: gone, not shared, or larger than the configured volume. */
const imageRefusal =
  /^(InvalidAMI|InvalidImage|InvalidBlockDeviceMapping|UnauthorizedOperation|Unauthorized)/;

/** The prebaked image of a request that EC2 refused for it: one that somebody removed must not stop launches. */
export function refusedImage(
  { imageId }: LaunchRequest,
  outcome: LaunchOutcome,
): string | undefined {
  const codes =
    outcome.status === 'refused' ? [outcome.code] : outcome.refusals.map(({ code }) => code);
  return codes.some((code) => imageRefusal.test(code)) ? imageId : undefined;
}

function refusalsAfter(
  memory: Memory,
  refusals: readonly PoolRefusal[],
  now: EpochSeconds,
): Memory['refusals'] {
  const refused = refusals.flatMap(({ instanceType, subnetId, market }) =>
    instanceType === undefined || subnetId === undefined
      ? []
      : [{ pool: `${instanceType}/${subnetId}`, market, until: now + refusalSeconds }],
  );
  const isRefusedAgain = (old: Memory['refusals'][number]) =>
    refused.some(({ pool, market }) => pool === old.pool && market === old.market);
  return [...memory.refusals.filter((old) => old.until > now && !isRefusedAgain(old)), ...refused];
}
