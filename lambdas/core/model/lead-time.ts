import type { Memory } from './memory';

/** Boots of a fleet that has not seen any yet, seconds. */
const assumedBootSeconds = 180;

/** From an order to capacity: the longest of the last boots. */
export function leadSeconds(memory: Memory): number {
  return memory.bootSeconds.length < 3
    ? Math.max(assumedBootSeconds, ...memory.bootSeconds)
    : Math.max(60, ...memory.bootSeconds);
}
