import { type Command, InvalidArgumentError, Option } from 'commander';

import { mostWeeks } from '../../sim/replay/series';
import { assumedMbitPerParticipant, mbitSource } from './egress';
import type { Options, SimulationPorts } from './run-simulation';
import { units } from './units';

const learnedAndScoredWeeks = 3;

/**
 * Adds `jitsi-bridges simulate`: the operator's own what-if. Ports are made only when it is run.
 */
export function addSimulateCommand(program: Command, ports: () => Promise<SimulationPorts>): void {
  program
    .command('simulate')
    .description(
      "replay the fleet's past under its policy or a changed one: bridge-hours, cost, overload",
    )
    .option('--config <file>', 'config file of the fleet', 'bridges.yaml')
    .option(
      '--set <key=value>',
      'change a key of the policy, for example policy.targetStress=0.7; repeatable',
      (text: string, settings: readonly string[]) => [...settings, text],
      [],
    )
    .option('--trace <file>', 'CSV of timestamp,value[,bridges] instead of CloudWatch')
    .option(
      '--actual <file>',
      'CSV of timestamp,bridges: the bridges that really ran, with --trace',
    )
    .addOption(new Option('--unit <unit>', 'unit of the values in the trace').choices(units))
    .option(
      '--peak <participants>',
      'scale the trace to daily peaks of this many participants',
      positive,
    )
    .option(
      '--weeks <n>',
      `weeks to read, at most ${mostWeeks}; the last week is scored`,
      wholeUpTo(mostWeeks),
      learnedAndScoredWeeks,
    )
    .option('--seeds <n>', 'number of simulation runs', wholeUpTo(50), 3)
    .option('--price <dollars>', 'price of one bridge-hour (default: published price)', positive)
    .option(
      '--mbit-per-participant <mbit>',
      `Mbit/s that bridges send to each participant (default: ${assumedMbitPerParticipant}, ${mbitSource})`,
      positive,
    )
    .option('--boot <seconds>', 'median time from launch to first report', positive, 120)
    .option('--html <file>', 'write a page with table and plots to this file')
    .option('--out <directory>', 'write page, plot and JSON to this directory')
    .action(async (_, command: Command) => {
      // Only when needed: engine and config schema are most of the program.
      const { runSimulation } = await import('./run-simulation');
      try {
        await runSimulation(command.optsWithGlobals<Options>(), command, await ports());
      } catch (error) {
        if (!isWrongInput(error)) throw error;
        command.error(`jitsi-bridges: ${error.message}`, { exitCode: 2 });
      }
    });
}

/** Errors that the operator's input causes; ConfigError is of the config's own reader. */
function isWrongInput(error: unknown): error is Error {
  return error instanceof Error && ['WrongInput', 'ConfigError'].includes(error.name);
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || value > 1e6) throw new InvalidArgumentError('must be a positive number.');
  return value;
}

function wholeUpTo(most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > most)
      throw new InvalidArgumentError(`must be a whole number from 1 to ${most}.`);
    return value;
  };
}
