import { InvokeCommand, type LambdaClient, TooManyRequestsException } from '@aws-sdk/client-lambda';

import type { Reply } from '../lambdas/core/protocol/reply';

const busyAttempts = 40;
const busyPauseMilliseconds = 1500;

/** Thrown when the function itself failed; its own error text is the message. */
export class ScalerFailed extends Error {
  override readonly name = 'ScalerFailed';
}

/**
 * Sends one command to the scaler and waits for the reply. The scaler runs one invocation at a time, so
 * "too many requests" only says that a tick is running: it is waited for, a minute at most.
 *
 * @throws ScalerFailed when the function ended with an error
 */
export async function invokeScaler(
  client: LambdaClient,
  functionName: string,
  event: Readonly<Record<string, unknown>>,
  pause: (milliseconds: number) => Promise<void> = sleep,
): Promise<Reply> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await client.send(
        new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
      );
      const text = Buffer.from(answer.Payload ?? []).toString('utf8');
      if (answer.FunctionError !== undefined) throw new ScalerFailed(errorText(text));
      return JSON.parse(text) as Reply;
    } catch (error) {
      if (!(error instanceof TooManyRequestsException) || attempt >= busyAttempts) throw error;
      await pause(busyPauseMilliseconds);
    }
  }
}

function errorText(payload: string): string {
  try {
    const { errorType, errorMessage } = JSON.parse(payload) as Record<string, unknown>;
    return `the scaler failed: ${String(errorType)}: ${String(errorMessage)}`;
  } catch {
    return `the scaler failed: ${payload}`;
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
