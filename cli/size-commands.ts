import { type Command, InvalidArgumentError } from 'commander';

import type { Send } from './program';
import { forOption, type Once, requestIdOf, requestIdOption } from './request-id';

/** `status` and `plan`: they change nothing. */
export function addLookCommands(program: Command, send: Send): void {
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
}

interface Limited extends Once {
  readonly for: string;
}

/** Commands about the size of the fleet: `scale`, `bounds`, `pause`, `resume`. */
export function addSizeCommands(program: Command, send: Send): void {
  program
    .command('scale')
    .description('hold the fleet at a size for a while, instead of what the load asks for')
    .argument('<size>', 'booting + active bridges wanted; +N or -N counts from now', sizeOf)
    .option(...forOption)
    .option(...requestIdOption)
    .action((size: Readonly<Record<string, number>>, options: Limited) =>
      send({ action: 'scale', ...size, for: options.for, ...requestIdOf(options) }),
    );
  program
    .command('bounds')
    .description('other bounds than the policy has, for a while')
    .option('--min <count>', 'bridges at least', countOf)
    .option('--max <count>', 'bridges at most', countOf)
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
    .description('no automatic launch, drain or retirement for a while; what is under way goes on')
    .option(...forOption)
    .option(...requestIdOption)
    .action((options: Limited) =>
      send({ action: 'pause', for: options.for, ...requestIdOf(options) }),
    );
  program
    .command('resume')
    .description('end every command in force')
    .option(...requestIdOption)
    .action((options: Once) => send({ action: 'resume', ...requestIdOf(options) }));
}

function sizeOf(text: string): Readonly<Record<string, number>> {
  if (!/^[+-]?\d{1,6}$/.test(text)) {
    throw new InvalidArgumentError('size must be a whole number like 6, +2 or -1.');
  }
  return /^[+-]/.test(text) ? { by: Number(text) } : { to: Number(text) };
}

function countOf(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('it must be a whole number like 6.');
  return Number(text);
}
