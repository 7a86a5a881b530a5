import { BakeFailed } from './bake-failed';
import type { BakeContext } from './bake-context';
import { consoleLines, failureOf, isBaked } from './console-lines';

const lookSeconds = 5;
/** A mirror may be slow; an installation that takes longer than this hangs. */
const longestSeconds = 1800;
/** EC2 posts the console of a stopped machine with some delay. */
const longestConsoleSeconds = 300;
/** The machine powered itself off: nobody stopped it. */
const byItself = 'Client.InstanceInitiatedShutdown';
const shownLines = 8;

/**
 * Waits until the machine has installed everything, said so, and powered itself off. What its
 * console tells is passed on as it comes.
 *
 * @throws BakeFailed when a stage fails, somebody else stops or ends it, or it takes half an hour
 * @returns its recipe
 */
export async function awaitMachine(
  context: BakeContext,
  instanceId: string,
  say: (text: string) => void,
): Promise<string> {
  const end = context.now() + longestSeconds * 1000;
  let stoppedAt: number | undefined;
  let told = 0;
  for (;;) {
    const machine = await context.look(instanceId);
    const lines = consoleLines(await context.console(instanceId));
    for (const line of lines.slice(told)) say(line);
    told = Math.max(told, lines.length);
    const last = lines.slice(-shownLines);

    if (failureOf(lines) !== undefined)
      throw new BakeFailed(`the installation ${failureOf(lines) ?? ''}`, last);
    if (machine?.state === 'ended')
      throw new BakeFailed(`${instanceId} was terminated: ${machine.stateReason}`, last);
    if (machine?.state === 'stopped') {
      if (machine.stateReason !== byItself)
        throw new BakeFailed(`${instanceId} was stopped: ${machine.stateReason}`, last);
      if (isBaked(lines)) return machine.recipe;
      stoppedAt ??= context.now();
      if (context.now() - stoppedAt >= longestConsoleSeconds * 1000)
        throw new BakeFailed(`${instanceId} stopped, and its console does not say "baked"`, last);
    }
    if (context.now() >= end)
      throw new BakeFailed(
        `${instanceId} was not ready after ${longestSeconds / 60} minutes`,
        last,
      );
    await context.pause(lookSeconds);
  }
}
