import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EC2Client } from '@aws-sdk/client-ec2';
import { SSMClient } from '@aws-sdk/client-ssm';

import { awsBakeContext } from '../cli/bake/aws-bake-context';
import type { BakePorts } from '../cli/bake/command';
import { interruptiblePause } from '../cli/bake/interruption';
import { findFleet } from '../cli/find-fleet';

/** The account that `bake` makes its image in. @param writeError where it says how far it is */
export function bakePorts(
  writeError: (text: string) => void,
): Pick<BakePorts, 'context' | 'findFleet'> {
  const progress = (text: string): void => writeError(`${text}\n`);
  return {
    context: {
      ...awsBakeContext(new EC2Client({ maxAttempts: 8 }), new SSMClient({})),
      now: Date.now,
      pause: interruptiblePause(progress),
      progress,
    },
    findFleet: (fleet) => findFleet(new CloudFormationClient({}), fleet),
  };
}
