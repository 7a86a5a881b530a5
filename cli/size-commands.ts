import { type Command, InvalidArgumentError } from 'commander';

import type { Send } from './program';
import { forOption, type Once, requestIdOf, requestIdOption } from './request-id';

/** `status` and `plan`: they change nothing. */
export function addLookCommands(program: Command, send: Send): void {
  program
    .command('status')
    .description('show bridges, active overrides and the last decision')
    .action(() => send({ action: 'status' }));
  program
    .command('plan')
    .description('show what the next tick would do, and why; changes nothing')
    .action(() => send({ action: 'plan' }));
}

interface Limited extends Once {
  readonly for: string;
}

/** Commands about the size of the fleet: `scale`, `bounds`, `pause`, `resume`. */
export function addSizeCommands(program: Command, send: Send): void {
  program
    .command('scale')
    .description('run a fixed number of bridges temporarily')
    .argument(
      '<size>',
      'number of booting + active bridges; +N or -N is relative to the current number',
      sizeOf,
    )
    .option(...forOption)
    .option(...requestIdOption)
    .action((size: Readonly<Record<string, number>>, options: Limited) =>
      send({ action: 'scale', ...size, for: options.for, ...requestIdOf(options) }),
    );
  program
    .command('bounds')
    .description('override min/max temporarily')
    .option('--min <count>', 'minimum number of bridges', countOf)
    .option('--max <count>', 'maximum number of bridges', countOf)
    .option(...forOption)
    .option(...requestIdOption)
    .action(({ min, max, ...options }: Limited & { min?: number; max?: number }) =>
      send({
        action: 'bounds',
        ...(min === undefined ? {} : { min }),
        ...(max === undefined ? {} : { max }),
        for: options.for,
        ...requestIdOf(options),
      }),
    );
  program
    .command('pause')
    .description(
      'stop the autoscaler temporarily: no launch, drain or retirement; actions in progress continue',
    )
    .option(...forOption)
    .option(...requestIdOption)
    .action((options: Limited) =>
      send({ action: 'pause', for: options.for, ...requestIdOf(options) }),
    );
  program
    .command('resume')
    .description('clear all overrides')
    .option(...requestIdOption)
    .action((options: Once) => send({ action: 'resume', ...requestIdOf(options) }));
}

function sizeOf(text: string): Readonly<Record<string, number>> {
  if (!/^[+-]?\d{1,6}$/.test(text)) {
    throw new InvalidArgumentError('size must be a whole number, for example 6, +2 or -1.');
  }
  return /^[+-]/.test(text) ? { by: Number(text) } : { to: Number(text) };
}

function countOf(text: string): number {
  if (!/^\d{1,6}$/.test(text))
    throw new InvalidArgumentError('must be a whole number, for example 6.');
  return Number(text);
}
