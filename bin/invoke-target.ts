import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LambdaClient } from '@aws-sdk/client-lambda';

import { findFunction } from '../cli/find-fleet';
import { invokeFunction } from '../cli/invoke-function';
import type { Ports } from '../cli/program';

/**
 * Sends one event to the function that is meant, which is found by the fleet's outputs unless it
 * is named.
 */
export const invokeTarget: Ports['invoke'] = async (event, target) => {
  const functionName =
    target.functionName ??
    (await findFunction(new CloudFormationClient({}), target.role, target.fleet));
  return invokeFunction(new LambdaClient({ maxAttempts: 1 }), functionName, event, {
    onBusy: () => {
      process.stderr.write('the scaler is busy with a tick; waiting up to 60 s …\n');
    },
  });
};
