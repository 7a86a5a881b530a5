import { type Command, InvalidArgumentError } from 'commander';

import { instanceIdOfBridge } from '../lambdas/core/protocol/xmpp-names';
import type { Send } from './program';
import { forOption, type Once, requestIdOf, requestIdOption } from './request-id';

const orders = [
  ['drain', 'take no new conferences on a bridge; retire it when its calls have ended'],
  ['undrain', 'cancel the drain of a bridge'],
  ['retire', 'drain a bridge and terminate it as soon as it is empty'],
  ['rotate', 'replace the secret of a drained, empty bridge and restart it'],
] as const;

/** Commands about one bridge: `drain`, `undrain`, `retire`, `rotate`, `protect`. */
export function addBridgeCommands(program: Command, send: Send): void {
  for (const [action, description] of orders)
    commandOn(program, action, description).action((bridge: string, options: Once) =>
      send({ action, bridge, ...requestIdOf(options) }),
    );
  commandOn(program, 'protect', 'do not drain or retire a bridge, temporarily')
    .option(...forOption)
    .action((bridge: string, options: Once & { readonly for: string }) =>
      send({ action: 'protect', bridge, for: options.for, ...requestIdOf(options) }),
    );
}

function commandOn(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('<bridge>', 'instance id (i-…) or name (jvb-…), as shown by status', bridgeOf)
    .option(...requestIdOption);
}

function bridgeOf(text: string): string {
  const instanceId = instanceIdOfBridge(text.replace(/^i-/, 'jvb-'));
  if (instanceId === undefined)
    throw new InvalidArgumentError(
      'bridge must be an instance id, for example i-0123456789abcdef0.',
    );
  return instanceId;
}
