import { resolve } from 'node:path';

/** Debian releases that machines can boot: their Prosody is 0.12, 0.11 and 13. */
export type Suite = 'bookworm' | 'bullseye' | 'trixie';

/** Folder of a release's root file system, made by `scripts/install`; only ever a lower layer of overlays. */
export function rootFileSystem(suite: Suite): string {
  return resolve(__dirname, '../../.local/cache', `rootfs-${suite}`);
}
