import { Command } from 'commander';

import type { Reply } from '../lambdas/core/protocol/reply';
import { addBridgeCommands } from './bridge-commands';
import { renderReply } from './render-reply';
import { addLookCommands, addSizeCommands } from './size-commands';

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

/** Sends one event to the scaler and prints the reply. */
export type Send = (event: Readonly<Record<string, unknown>>) => Promise<void>;

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

  const send: Send = async (event) => {
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

  addLookCommands(program, send);
  addSizeCommands(program, send);
  addBridgeCommands(program, send);
  return program;
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
