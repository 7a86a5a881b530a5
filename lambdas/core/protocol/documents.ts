/**
 * What the bridge document's `action` parameter may be; nothing else reaches a bridge's shell.
 * `renew` fetches the bridge's secret again and restarts it with that; with participants it is
 * refused.
 */
export const bridgeActions = [
  'status',
  'drain',
  'undrain',
  'shutdown',
  'recycle',
  'restart',
  'renew',
] as const;
export type BridgeAction = (typeof bridgeActions)[number];

/** What the sync document's `action` parameter may be. */
export const syncActions = ['sync', 'check'] as const;
export type SyncAction = (typeof syncActions)[number];

/**
 * Digest over the credentials that Server A should hold: SHA-256 over the sorted lines `<instance
 * id>:<parameter version>\n`, first 16 hex digits. Made from versions, so that it tells a rotated
 * secret from the old one and nothing about either. The hash itself is the caller's: core has no
 * crypto.
 */
export function digestInput(secrets: readonly { instanceId: string; version: number }[]): string {
  return secrets
    .map(({ instanceId, version }) => `${instanceId}:${version}\n`)
    .sort()
    .join('');
}
