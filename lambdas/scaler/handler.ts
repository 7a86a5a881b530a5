import type { Reply } from '../core/protocol/reply';
import type { SkippedTick } from './minute';
import { awsPorts } from './clients';
import { parseScalerEnv } from './env';
import { runScaler } from './scaler';

/**
 * Keeps the fleet at the size that the load or the operator wants. Trigger: the collector's
 * success (Lambda's on-success destination), a schedule every minute as fallback, events of the
 * fleet's instances by way of the filter, `aws lambda invoke` by the operator. Reads: EC2,
 * CloudWatch, two SSM parameters. Writes: EC2, the same parameters, metrics, bridges by Run
 * Command. Failure: an API call that fails is a result of the tick; the next tick sees what is
 * missing and resumes. Gotcha: only one may run at a time (reserved concurrency 1), since SSM has
 * no conditional write.
 */
const env = parseScalerEnv(process.env);
const portsOf = awsPorts(env);

export async function handler(event: unknown): Promise<Reply | SkippedTick> {
  return runScaler(portsOf(), env, event);
}
