import { z } from 'zod';
import { AwsError } from '../errors';
import type { Handler } from '../handler';
import { parseInput, wireBoolean, wireList } from '../protocol/input';
import type { Ec2 } from './ec2';
import { instanceStates } from './instance';

const input = z.object({ InstanceId: wireList(z.string()), DryRun: wireBoolean.default(false) });

/** TerminateInstances: all or none; one that is gone already is no error. */
export function terminateInstances(ec2: Ec2): Handler {
  return ({ input: wire }) => {
    const { InstanceId, DryRun } = parseInput(input, wire, 'InvalidParameterValue');
    const instances = ec2.model.require(InstanceId);
    if (DryRun) {
      throw new AwsError(
        'DryRunOperation',
        'Request would have succeeded, but DryRun flag is set.',
        412,
      );
    }
    return {
      instancesSet: instances.map((instance) => {
        const previous = instance.state;
        ec2.model.terminate(instance, 'Client.UserInitiatedShutdown', 'User initiated shutdown');
        return {
          instanceId: instance.spec.instanceId,
          currentState: { code: instanceStates[instance.state], name: instance.state },
          previousState: { code: instanceStates[previous], name: previous },
        };
      }),
    };
  };
}
