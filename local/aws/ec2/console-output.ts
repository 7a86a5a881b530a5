import { z } from 'zod';
import type { Handler } from '../handler';
import { parseInput, wireBoolean } from '../protocol/input';
import type { Ec2 } from './ec2';

const input = z.object({ InstanceId: z.string(), Latest: wireBoolean.default(false) });

/** AWS keeps the newest 64 KB. */
const keptBytes = 64 * 1024;

/** What GetConsoleOutput last had of a machine. */
interface Posted {
  readonly text: string;
  readonly at: Date;
}

/**
 * GetConsoleOutput, base64: not what the machine wrote so far, but what EC2 last posted of it,
 * which may be minutes old, or nothing at all. It posts at times of its own; here whenever
 * somebody asked, and a delay later.
 */
export function getConsoleOutput(ec2: Ec2): Handler {
  const posted = new Map<string, Posted>();
  const posting = new Set<string>();

  const post = async (instanceId: string, delay: number): Promise<void> => {
    posting.add(instanceId);
    const text = ec2.machines.consoleOutput(instanceId);
    await ec2.clock.sleep(delay);
    posted.set(instanceId, { text, at: ec2.clock.now() });
    posting.delete(instanceId);
  };

  return ({ input: wire }) => {
    const { InstanceId } = parseInput(input, wire, 'InvalidParameterValue');
    ec2.model.require([InstanceId]);
    const { consoleDelay } = ec2.behaviour;
    const delay =
      consoleDelay === 'never' ? undefined : ec2.chance.milliseconds(consoleDelay, 'console');
    if (delay === 0)
      posted.set(InstanceId, { text: ec2.machines.consoleOutput(InstanceId), at: ec2.clock.now() });
    else if (delay !== undefined && !posting.has(InstanceId)) void post(InstanceId, delay);
    const { text = '', at = ec2.clock.now() } = posted.get(InstanceId) ?? {};
    const output = Buffer.from(text).subarray(-keptBytes).toString('base64');
    return { instanceId: InstanceId, timestamp: at, output };
  };
}
