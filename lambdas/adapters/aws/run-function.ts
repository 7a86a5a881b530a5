import { InvokeCommand, TooManyRequestsException, type LambdaClient } from '@aws-sdk/client-lambda';
import { systemClock, type Clock } from './run-command';

/** The function was invoked and ended with an error; its own text is in the message. */
export class FunctionFailedError extends Error {
  override readonly name = 'FunctionFailedError';
}

/** Longer than a run of any function of ours takes. */
const longestMs = 200_000;
const pauseMs = 1_500;

/**
 * Runs one of our functions and waits until it has ended. Those that run one at a time answer
 * `TooManyRequestsException` while they are busy: they are waited for.
 *
 * @throws FunctionFailedError, or TooManyRequestsException when it stays busy
 */
export async function runFunction(
  client: LambdaClient,
  functionName: string,
  event: Readonly<Record<string, unknown>>,
  clock: Clock = systemClock,
): Promise<void> {
  const end = clock.now() + longestMs;
  for (;;) {
    try {
      const { FunctionError, Payload } = await client.send(
        new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
      );
      if (FunctionError === undefined) return;
      throw new FunctionFailedError(new TextDecoder().decode(Payload).slice(0, 500));
    } catch (error) {
      if (!(error instanceof TooManyRequestsException) || clock.now() >= end) throw error;
      await clock.sleep(pauseMs);
    }
  }
}
