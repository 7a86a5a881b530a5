import { createRequire } from 'node:module';

import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';

import { awsWorld } from '../cli/bake/aws-world';
import { addBakeCommand } from '../cli/bake/command';
import { interruptiblePause } from '../cli/bake/interruption';
import { explainError } from '../cli/explain-error';
import { findFleet, findFunction } from '../cli/find-fleet';
import { invokeFunction } from '../cli/invoke-function';
import { bridgesProgram } from '../cli/program';
import { addSimulateCommand } from '../cli/simulate/command';

type ConfigReader = typeof import('../lib/config/read-config');
const load = createRequire(__filename);

/** `npx bridges`: the operator's command line. Exit code 0 done, 1 refused or failed, 2 wrong usage. */
export function run(): void {
  const program = bridgesProgram({
    invoke: async (event, target) => {
      const functionName =
        target.functionName ??
        (await findFunction(new CloudFormationClient({}), target.role, target.fleet));
      return invokeFunction(new LambdaClient({ maxAttempts: 1 }), functionName, event, {
        now: Date.now,
        pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
        onBusy: () => {
          process.stderr.write('the scaler is busy with a tick; waiting up to 60 s …\n');
        },
      });
    },
    write: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
    colour: process.stdout.isTTY && !process.env['NO_COLOR'],
    setExitCode: (code) => {
      process.exitCode = code;
    },
    progress: process.stderr.isTTY,
  });
  addSimulateCommand(program, {
    readConfig: (file, change) => {
      // Only when needed: the schema knows the CDK, which takes long to load.
      const { readConfig } = load('../lib/config/read-config') as ConfigReader;
      const { fleet, region, generation, policy, bridge } = readConfig(file, change);
      return { fleet, region, generation, policy, instanceTypes: bridge.instanceTypes };
    },
    cloudWatch: (region) => new CloudWatchClient(region === undefined ? {} : { region }),
    now: () => Date.now() / 1000,
    write: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
  });
  addBakeCommand(program, () => {
    const progress = (text: string): void => {
      process.stderr.write(`${text}\n`);
    };
    return {
      world: {
        ...awsWorld(new EC2Client({ maxAttempts: 8 }), new SSMClient({})),
        now: Date.now,
        pause: interruptiblePause(progress),
        progress,
      },
      findFleet: (fleet) => findFleet(new CloudFormationClient({}), fleet),
      write: (text) => process.stdout.write(text),
      writeError: (text) => process.stderr.write(text),
      setExitCode: (code) => {
        process.exitCode = code;
      },
    };
  });
  for (const command of [program, ...program.commands])
    command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
  void program.parseAsync(process.argv).catch((error: unknown) => {
    process.stderr.write(`bridges: ${explainError(error)}\n`);
    process.exitCode = 1;
  });
}
