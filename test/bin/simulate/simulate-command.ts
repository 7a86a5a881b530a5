import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { Command } from 'commander';

import { addSimulateCommand } from '../../../cli/simulate/command';
import type { SimulationReport } from '../../../cli/simulate/report';
import type { SimulationPorts } from '../../../cli/simulate/run-simulation';
import { parseConfig } from '../../../lib/config/parse-config';
import { deploymentSchema } from '../../../lib/config/schema';
import { smallestFleet } from '../../lib/config/example-config';

/** The config file of these tests. */
export const config = { ...smallestFleet, fleet: 'test', policy: { min: 1, max: 12 } };

export interface Run {
  readonly out: string;
  readonly errors: string;
  readonly exitCode: number;
  /** Of `--json`. */
  readonly report: () => SimulationReport;
}

/**
 * Runs `jitsi-bridges simulate` in this process, with {@link config} for whatever file is named.
 */
export async function runSimulate(
  args: readonly string[],
  given: {
    readonly config?: unknown;
    readonly cloudWatch?: CloudWatchClient;
    readonly now?: () => number;
  } = {},
): Promise<Run> {
  let out = '';
  let errors = '';
  let exitCode = 0;
  const write = (text: string) => void (out += text);
  const writeError = (text: string) => void (errors += text);
  const program = new Command('jitsi-bridges')
    .option('--fleet <name>')
    .option('--json')
    .configureOutput({ writeOut: write, writeErr: writeError });
  const ports: SimulationPorts = {
    readConfig: (file, change) => {
      const read = parseConfig(deploymentSchema, change(given.config ?? config), file);
      return { ...read, instanceTypes: read.bridge.instanceTypes };
    },
    cloudWatch: () => given.cloudWatch ?? new CloudWatchClient({ region: 'us-east-1' }),
    now: given.now ?? (() => 0),
    write,
    writeError,
  };
  addSimulateCommand(program, () => Promise.resolve(ports));
  for (const command of [program, ...program.commands])
    command.exitOverride((error) => {
      exitCode = error.exitCode === 0 ? 0 : 2;
      throw error;
    });
  try {
    await program.parseAsync(['node', 'jitsi-bridges', 'simulate', ...args]);
  } catch (error) {
    if (exitCode === 0) throw error;
  }
  return { out, errors, exitCode, report: () => JSON.parse(out) as SimulationReport };
}
