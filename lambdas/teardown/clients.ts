import type { Logger } from '@aws-lambda-powertools/logger';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { EC2Client } from '@aws-sdk/client-ec2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import { runCommandOf } from '../adapters/aws/run-command';
import { describeBridges, terminateInstance } from '../adapters/aws/ec2';
import { parametersBelow, removeParameters } from '../adapters/aws/parameters';
import { runFunction } from '../adapters/aws/run-function';
import { stateOf } from '../adapters/aws/state';
import { parameterNames } from '../core/protocol/parameters';
import type { TeardownEnv } from './env';
import type { TeardownPorts } from './ports';

export function awsParts(env: TeardownEnv, logger: Logger): TeardownPorts {
  const { fleet, scalerFunction, registrarFunction } = env;
  const cloudFormation = new CloudFormationClient({ retryMode: 'adaptive' });
  const ec2 = new EC2Client({ retryMode: 'adaptive' });
  const ssm = new SSMClient({ retryMode: 'adaptive', maxAttempts: 8 });
  const lambda = new LambdaClient({ retryMode: 'adaptive' });
  const state = stateOf(ssm, fleet);
  return {
    async stackStatus(StackName) {
      const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
      return Stacks?.[0]?.StackStatus ?? 'unknown';
    },
    instances: () => describeBridges(ec2, fleet),
    terminate: (instanceId) => terminateInstance(ec2, instanceId),
    runCommand: runCommandOf(ssm),
    overrides: { read: () => state.readOverrides(), write: (text) => state.writeOverrides(text) },
    runScaler: () => runFunction(lambda, scalerFunction, {}),
    runRegistrar: () => runFunction(lambda, registrarFunction, { trigger: 'teardown' }),
    parameters: {
      list: () => parametersBelow(ssm, parameterNames(fleet).root),
      remove: (names) => removeParameters(ssm, names),
    },
    clock: {
      now: () => Math.floor(Date.now() / 1000),
      sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
    },
    log: (message, fields = {}) => logger.info(message, { ...fields }),
    warn: (message, fields) => logger.warn(message, { ...fields }),
  };
}
