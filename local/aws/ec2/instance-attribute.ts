import { z } from 'zod';
import { AwsError } from '../errors';
import type { Handler } from '../handler';
import { parseInput } from '../protocol/input';
import type { Ec2 } from './ec2';

const input = z.object({ InstanceId: z.string(), Attribute: z.string() });

/** DescribeInstanceAttribute: `userData`, `instanceType`, `instanceInitiatedShutdownBehavior`. */
export function describeInstanceAttribute(ec2: Ec2): Handler {
  return ({ input: wire }) => {
    const { InstanceId, Attribute } = parseInput(input, wire, 'InvalidParameterValue');
    const spec = ec2.model.require([InstanceId])[0]?.spec;
    const values: Record<string, string | undefined> = {
      userData: spec?.userData,
      instanceType: spec?.instanceType,
      instanceInitiatedShutdownBehavior: spec?.shutdownBehavior,
    };
    if (!(Attribute in values)) {
      throw new AwsError('InvalidParameterValue', `The local EC2 does not show ${Attribute}`);
    }
    return { instanceId: InstanceId, [Attribute]: { value: values[Attribute] } };
  };
}
