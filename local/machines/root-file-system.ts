import { resolve } from 'node:path';

/**
 * Systems that machines can boot: Debian releases, whose Prosody is 0.12, 0.11 and 13, and hosts
 * of containers, with today's Docker and Compose and with those of 2022 (Docker 20.10, Compose
 * 1.29).
 */
export type Suite = 'bookworm' | 'bullseye' | 'trixie' | 'docker' | 'docker-2022';

/**
 * Folder of a system's root file system, made by `scripts/install`; only ever a lower layer of
 * overlays.
 */
export function rootFileSystem(suite: Suite): string {
  return resolve(__dirname, '../../.local/cache', `rootfs-${suite}`);
}
