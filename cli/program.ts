import { Command } from 'commander';

import type { FunctionRole } from './find-fleet';
import type { Reply } from '../lambdas/core/protocol/reply';
import { addBridgeCommands } from './bridge-commands';
import { renderReply } from './render-reply';
import { addLookCommands, addSizeCommands } from './size-commands';

/**
 * Which function a command goes to: by name, else by the fleet's stack, else that of the only
 * fleet there is.
 */
export interface Target {
  readonly role: FunctionRole;
  readonly fleet?: string | undefined;
  readonly functionName?: string | undefined;
}

export interface Ports {
  readonly invoke: (event: Readonly<Record<string, unknown>>, target: Target) => Promise<Reply>;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly setExitCode: (code: number) => void;
  /** Whether standard output is a terminal that takes colour. */
  readonly colour: boolean;
  /** Whether to say on standard error that an answer is awaited. */
  readonly progress: boolean;
  /** Of the package. */
  readonly version: string;
}

/** Sends one event to a function of the fleet and prints the reply. */
export type Send = (event: Readonly<Record<string, unknown>>) => Promise<void>;

interface GlobalOptions {
  readonly fleet?: string;
  readonly function?: string;
  readonly json?: boolean;
}

/** The commander program behind `npx jitsi-bridges`; each command is one Lambda invoke. */
export function bridgesProgram(ports: Ports): Command {
  const program = new Command('jitsi-bridges')
    .version(ports.version)
    .description('Inspect and control a fleet of Jitsi Videobridges on AWS.')
    .option(
      '--fleet <name>',
      'name of the fleet (default: $BRIDGES_FLEET, or the only deployed fleet)',
    )
    .option('--function <name>', 'name of the function to invoke, instead of looking it up')
    .option('--json', 'print the reply as one JSON object')
    .configureOutput({ writeOut: ports.write, writeErr: ports.writeError });

  const sendTo =
    (role: FunctionRole): Send =>
    async (event) => {
      const options = program.opts<GlobalOptions>();
      const target = {
        role,
        fleet: options.fleet ?? process.env['BRIDGES_FLEET'],
        functionName: options.function,
      };
      const stop = ports.progress ? announceWait(ports.writeError) : () => undefined;
      const reply = await ports.invoke(event, target).finally(stop);
      ports.write(
        options.json === true ? `${JSON.stringify(reply)}\n` : renderReply(reply, ports.colour),
      );
      if (!reply.ok) ports.setExitCode(1);
    };

  addLookCommands(program, sendTo('reader'));
  addSizeCommands(program, sendTo('scaler'));
  addBridgeCommands(program, sendTo('scaler'));
  return program;
}

/** Says after two seconds that the answer is still awaited. Returns what ends that. */
function announceWait(write: (text: string) => void): () => void {
  const timer = setTimeout(() => {
    write('waiting for the answer …\n');
  }, 2000);
  return () => {
    clearTimeout(timer);
  };
}
