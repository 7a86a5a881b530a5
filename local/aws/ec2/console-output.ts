import { z } from 'zod';
import type { Handler } from '../handler';
import { parseInput, wireBoolean } from '../protocol/input';
import type { Ec2 } from './ec2';

const input = z.object({ InstanceId: z.string(), Latest: wireBoolean.default(false) });

/** AWS keeps the newest 64 KB. */
const keptBytes = 64 * 1024;

/** GetConsoleOutput: what the machine wrote so far, base64. */
export function getConsoleOutput(ec2: Ec2): Handler {
  return ({ input: wire }) => {
    const { InstanceId } = parseInput(input, wire, 'InvalidParameterValue');
    ec2.model.require([InstanceId]);
    const text = Buffer.from(ec2.machines.consoleOutput(InstanceId));
    const output = text.subarray(-keptBytes).toString('base64');
    return { instanceId: InstanceId, timestamp: ec2.clock.now(), output };
  };
}
