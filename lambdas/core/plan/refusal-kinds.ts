/**
 * What a refusal of EC2's is about:
 * - `pool`: this type in this zone and market has no room now; others may.
 * - `untried`: EC2 did not get to the pool; nothing is known about it.
 * - `account`: a limit of the account; every pool would say the same.
 * - `permission`: the scaler, or EC2 on its behalf, may not do something.
 * - `request`: something else is wrong; the message says what.
 */
export type RefusalKind = 'pool' | 'untried' | 'account' | 'permission' | 'request';

const poolCodes = new Set([
  'InsufficientInstanceCapacity',
  'InsufficientFreeAddressesInSubnet',
  'InvalidFleetConfiguration',
  'SpotMaxPriceTooLow',
  'Unsupported',
]);

const accountCodes = new Set(['Blocked', 'OptInRequired', 'PendingVerification']);
/** `VcpuLimitExceeded`, `MaxSpotInstanceCountExceeded`; not `RequestLimitExceeded`, a throttle. */
const limitCode = /^(?!Request)\w*(Limit|Count)Exceeded$/;

const permissionCode = /^(Unauthorized|AuthFailure|AccessDenied|InvalidKMSKey)/;

/**
 * EC2's words of this kind, from the code of a pool in a fleet's answer or of the whole request.
 */
export function refusalKind(errorCode: string): RefusalKind {
  // EC2 puts the side at fault before some of its codes.
  const code = errorCode.replace(/^(Client|Server)\./, '');
  if (poolCodes.has(code)) return 'pool';
  if (code === 'UnfulfillableCapacity') return 'untried';
  if (accountCodes.has(code) || limitCode.test(code)) return 'account';
  return permissionCode.test(code) ? 'permission' : 'request';
}

/**
 * Whether a refusal is about a prebaked image: its message names the image, or the snapshot that
 * the image is made of, which is too large for the configured volume; the launch template names no
 * snapshot of its own.
 */
export function blamesImage(
  { code, message }: { readonly code: string; readonly message: string },
  imageId: string,
): boolean {
  return message.includes(imageId) || (/BlockDeviceMapping/.test(code) && /snapshot/.test(message));
}
