import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { answerTo, type Answer } from './answer';
import { awsParts } from './clients';
import { parseTeardownEnv } from './env';
import { parseRequest } from './request';
import { tearDown } from './teardown';

/**
 * Bridges are not resources of the stack: this empties the fleet before the stack is deleted.
 * Trigger: CloudFormation, for two custom resources. *empty* is deleted first of all, *sweep*
 * after the schedules; creating and updating them does nothing. Reads: the stack's status, the
 * fleet's instances, its bridges' word (Run Command), parameter names. Writes: the override
 * `pause`, terminations (EC2), deletes the fleet's parameters; runs scaler and registrar. Fails:
 * never; a refusal or an error is the answer, and CloudFormation then keeps the stack.
 */
const env = parseTeardownEnv(process.env);
const logger = new Logger({ serviceName: 'teardown', persistentKeys: { fleet: env.fleet } });
const ports = awsParts(env, logger);

/** Left to tell CloudFormation before Lambda ends the function. */
const answerMs = 15_000;

export async function handler(event: unknown, context: Context): Promise<void> {
  const request = parseRequest(event);
  const remainingMs = context.getRemainingTimeInMillis() - answerMs;
  const answer = await Promise.race([tearDown(ports, env, request), outOfTime(remainingMs)]);
  logger.info('answer', { request: request.RequestType, ...answer });
  await answerTo(request, answer);
}

async function outOfTime(milliseconds: number): Promise<Answer> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
  return { status: 'FAILED', reason: 'The fleet was not empty in time. Run cdk destroy again.' };
}
