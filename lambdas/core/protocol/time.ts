/** Epoch seconds, UTC. */
export type EpochSeconds = number;

/** Epoch seconds as ISO 8601, like all times in replies and tags. */
export function isoTime(seconds: EpochSeconds): string {
  return new Date(seconds * 1000).toISOString();
}
