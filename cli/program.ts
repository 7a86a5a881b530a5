import { randomUUID } from 'node:crypto';

import { Command, InvalidArgumentError } from 'commander';

import type { Reply } from '../lambdas/core/command';
import { renderReply } from './render-reply';

/** Which scaler a command goes to: by function name, else by the fleet's stack, else the only fleet there is. */
export interface Target {
  readonly fleet?: string | undefined;
  readonly functionName?: string | undefined;
}

export interface Surroundings {
  readonly invoke: (event: Readonly<Record<string, unknown>>, target: Target) => Promise<Reply>;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly setExitCode: (code: number) => void;
  /** Whether standard output is a terminal that takes colour. */
  readonly colour: boolean;
  /** Whether to say on standard error that an answer is awaited. */
  readonly progress: boolean;
}

interface GlobalOptions {
  readonly fleet?: string;
  readonly function?: string;
  readonly json?: boolean;
}

/** The commander program behind `npx bridges`; each command is one Lambda invoke. */
export function bridgesProgram(surroundings: Surroundings): Command {
  const program = new Command('bridges')
    .description('Look at and steer a fleet of Jitsi Videobridges.')
    .option('--fleet <name>', 'the fleet (default: $BRIDGES_FLEET, else the only one deployed)')
    .option('--function <name>', 'name of the scaler function, instead of looking it up')
    .option('--json', 'print the reply as one JSON object')
    .configureOutput({ writeOut: surroundings.write, writeErr: surroundings.writeError });

  const send = async (event: Readonly<Record<string, unknown>>): Promise<void> => {
    const options = program.opts<GlobalOptions>();
    const target = {
      fleet: options.fleet ?? process.env['BRIDGES_FLEET'],
      functionName: options.function,
    };
    const stop = surroundings.progress ? announceWait(surroundings.writeError) : () => undefined;
    const reply = await surroundings.invoke(event, target).finally(stop);
    surroundings.write(
      options.json === true
        ? `${JSON.stringify(reply)}\n`
        : renderReply(reply, surroundings.colour),
    );
    if (!reply.ok) surroundings.setExitCode(1);
  };

  program
    .command('status')
    .description(
      'bridges with phase, stress and participants; overrides in force; the last decision',
    )
    .action(() => send({ action: 'status' }));
  program
    .command('plan')
    .description('what the next tick would do and why; changes nothing')
    .action(() => send({ action: 'plan' }));
  program
    .command('scale')
    .description('hold the fleet at a size for a while, instead of what the load asks for')
    .argument('<size>', 'booting + active bridges wanted; +N or -N counts from now', sizeOf)
    .option('--for <duration>', 'how long, like 90s, 30m, 2h, 1d', '1h')
    .option('--request-id <id>', 'the same id again is answered again, and not carried out twice')
    .action(
      (size: Readonly<Record<string, number>>, options: { for: string; requestId?: string }) =>
        send({
          action: 'scale',
          ...size,
          for: options.for,
          // The SDK repeats an invoke whose answer was lost: "two more" must not become four.
          requestId: options.requestId ?? randomUUID(),
        }),
    );
  return program;
}

function sizeOf(text: string): Readonly<Record<string, number>> {
  if (!/^[+-]?\d{1,6}$/.test(text)) {
    throw new InvalidArgumentError('size must be a whole number like 6, +2 or -1.');
  }
  return /^[+-]/.test(text) ? { by: Number(text) } : { to: Number(text) };
}

/** Says after two seconds that the answer is still awaited. Returns what ends that. */
function announceWait(write: (text: string) => void): () => void {
  const timer = setTimeout(() => {
    write('waiting for the scaler…\n');
  }, 2000);
  return () => {
    clearTimeout(timer);
  };
}
