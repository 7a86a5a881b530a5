import { setTimeout as sleep } from 'node:timers/promises';

const patienceMilliseconds = 600_000;

/**
 * Looks ten times a second until it is so; a look that throws is a no. It gives up after ten
 * minutes, which is for what never happens: a slow machine makes no test fail.
 */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + patienceMilliseconds;
  let problem: unknown = condition.toString();
  while (Date.now() < end) {
    try {
      if (await condition()) return;
    } catch (error) {
      problem = error;
    }
    await sleep(100);
  }
  throw new Error('it did not come true in ten minutes', { cause: problem });
}
