import { EC2Client } from '@aws-sdk/client-ec2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { listFleetIds } from '../adapters/aws/ec2';
import { invokeLater } from '../adapters/aws/invoke-later';
import { parseFilterEnv } from './env';
import { KnownInstances } from './known-instances';
import { filterEvent, type Filtered } from './pass-on';

/**
 * Stands before the scaler, which may run only once at a time: EventBridge cannot filter instance
 * events by tag, and in an account where instances start and stop all day the scaler would be busy
 * with those of others. Trigger: instance events of EC2, of every instance of the account. Reads:
 * which instances are the fleet's (EC2). Writes: nothing; invokes the scaler asynchronously.
 * Fails: when Lambda does not take the event; it then ends in the queue of failures, and the next
 * tick comes anyway.
 */
const env = parseFilterEnv(process.env);
const ec2 = new EC2Client({ maxAttempts: 2 });
const lambda = new LambdaClient({});
const known = new KnownInstances(() => listFleetIds(ec2, env.fleet), Date.now);

export async function handler(event: unknown): Promise<Filtered> {
  return filterEvent(
    {
      isOurs: (instanceId) => known.has(instanceId),
      passOn: (passed) => invokeLater(lambda, env.scalerFunction, passed),
    },
    event,
  );
}
