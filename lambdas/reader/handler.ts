import type { Reply } from '../core/protocol/reply';
import { parseFleetEnv } from '../observation/env';
import { awsReadPorts } from './clients';
import { read } from './read';

/**
 * Answers `status` and `plan` while the scaler is busy with a tick. Trigger: `aws lambda invoke`
 * by the operator. Reads: EC2, CloudWatch, three SSM parameters. Writes: nothing; its role cannot.
 * Failure: escapes to the caller, who can ask again. Gotcha: as many may run at once as the
 * account allows, so nothing here may keep state that matters.
 */
const env = parseFleetEnv(process.env);
const ports = awsReadPorts(env.fleet);

export async function handler(event: unknown): Promise<Reply> {
  return read(ports, env, event);
}
