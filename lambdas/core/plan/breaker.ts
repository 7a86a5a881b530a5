import type { Memory } from '../model/memory';

/** Boots that may fail in a row before launches stop. */
export const failuresToOpen = 3;

/** How long launches stop, until one is tried again. */
export const openSeconds = 600;

/** How many may be launched: all, none while the breaker is open, one as a probe after that. */
export function launchesAllowed(memory: Memory, now: number): number {
  const { failures, blockedUntil } = memory.breaker;
  if (failures < failuresToOpen) return Infinity;
  // A clock that was ahead for a moment must not block for longer.
  const leftSeconds = (blockedUntil ?? now) - now;
  return leftSeconds > 0 && leftSeconds <= openSeconds ? 0 : 1;
}

/** After a launch with an open breaker the next probe has to wait again. */
export function afterLaunch(memory: Memory, now: number): Memory {
  if (memory.breaker.failures < failuresToOpen) return memory;
  return { ...memory, breaker: { ...memory.breaker, blockedUntil: now + openSeconds } };
}
