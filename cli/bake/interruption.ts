import { setTimeout as sleep } from 'node:timers/promises';

import { BakeFailed } from './bake-failed';

/**
 * Has the first Ctrl-C end the wait that is under way instead of the program, so that what was
 * begun is cleaned up; the second one ends the program.
 *
 * @returns a pause that rejects then
 */
export function interruptiblePause(
  tell: (text: string) => void,
): (seconds: number) => Promise<void> {
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      tell('interrupted: terminating the machine…');
      ending.abort();
    });
  return async (seconds) => {
    try {
      await sleep(seconds * 1000, undefined, { signal: ending.signal });
    } catch {
      throw new BakeFailed('interrupted by the operator');
    }
  };
}
