import type { Command } from 'commander';

import type { DeployedFleet } from '../find-fleet';
import { bake, unbake, type BakeResult } from './bake';
import { BakeFailed } from './bake-failed';
import type { BakeContext } from './bake-context';

export interface BakePorts {
  readonly context: BakeContext;
  readonly findFleet: (fleet: string | undefined) => Promise<DeployedFleet>;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly setExitCode: (code: number) => void;
}

interface Options {
  readonly fleet?: string;
  readonly json?: boolean;
  readonly instanceType?: string;
  readonly remove?: boolean;
}

/** Adds `jitsi-bridges bake` to the program. Ports are made only when it is run. */
export function addBakeCommand(program: Command, ports: () => Promise<BakePorts>): void {
  program
    .command('bake')
    .description(
      'make an image with the bridge installed and launch bridges from it, for shorter boots',
    )
    .option('--instance-type <type>', 'instance type of the machine that the image is made from')
    .option('--remove', 'remove all images of the fleet and use the configured image again')
    .action(async (_, command: Command) => run(command.optsWithGlobals<Options>(), await ports()));
}

async function run(options: Options, ports: BakePorts): Promise<void> {
  const { context, write } = ports;
  const fleetName = options.fleet ?? process.env['BRIDGES_FLEET'];
  const print = (reply: object, text: string): void =>
    write(options.json === true ? `${JSON.stringify(reply)}\n` : text);
  try {
    if (options.remove === true) {
      // Also when its stack is gone, as long as it is named.
      const fleet = fleetName ?? (await ports.findFleet(undefined)).fleet;
      const removedImageIds = await unbake(context, fleet);
      const what = removedImageIds.length === 0 ? 'no image' : removedImageIds.join(', ');
      print(
        { ok: true, removedImageIds },
        `Removed ${what}. Bridges are launched from the configured image.\n`,
      );
      return;
    }
    const deployed = await ports.findFleet(fleetName);
    const result = await bake(context, {
      fleet: deployed.fleet,
      templateId: deployed.output('BakeTemplateId'),
      instanceType: options.instanceType,
    });
    print(result, resultText(result));
  } catch (error) {
    if (!(error instanceof BakeFailed)) throw error;
    ports.setExitCode(1);
    const { message, console } = error;
    if (options.json === true)
      write(`${JSON.stringify({ ok: false, error: { code: 'BakeFailed', message, console } })}\n`);
    else ports.writeError(failureText(error));
  }
}

function resultText({ imageId, recipe, totalSeconds, removedImageIds }: BakeResult): string {
  return [
    `Image ${imageId} (${recipe}) is in use. It took ${totalSeconds} s.`,
    ...(removedImageIds.length === 0
      ? []
      : [`Removed older images: ${removedImageIds.join(', ')}.`]),
    '',
  ].join('\n');
}

function failureText({ message, console }: BakeFailed): string {
  return [
    `jitsi-bridges: no image was made: ${message}`,
    ...console.map((line) => `  | ${line}`),
    'The machine is terminated. Bridges are launched as before.',
    '',
  ].join('\n');
}
