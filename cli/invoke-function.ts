import { InvokeCommand, type LambdaClient, TooManyRequestsException } from '@aws-sdk/client-lambda';

import { printable, printableWithin } from '../lambdas/core/protocol/printable';
import type { Reply } from '../lambdas/core/protocol/reply';

const longestWaitMilliseconds = 60_000;
const pauseMilliseconds = 1500;
/** Characters of one text of a reply that reach the terminal. */
const longestText = 2000;

/** Thrown when the function itself failed; its own error text is the message. */
export class FunctionFailed extends Error {
  override readonly name = 'FunctionFailed';
}

/** Thrown when another run kept the function busy for a minute: nothing was changed. */
export class FunctionBusy extends Error {
  override readonly name = 'FunctionBusy';
}

export interface WaitPorts {
  /** Milliseconds since some moment. */
  readonly now: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Called once, when the function is found busy. */
  readonly onBusy: () => void;
}

const systemWait: WaitPorts = {
  now: Date.now,
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  onBusy: () => undefined,
};

/**
 * Sends one command to a function and waits for the reply. The scaler runs one invocation at a
 * time, so "too many requests" only says that a tick is running. The client must not repeat
 * requests itself.
 *
 * @throws FunctionBusy when it is still busy after a minute
 * @throws FunctionFailed when the function ended with an error
 */
export async function invokeFunction(
  client: LambdaClient,
  functionName: string,
  event: Readonly<Record<string, unknown>>,
  ports: Partial<WaitPorts> = {},
): Promise<Reply> {
  const { now, pause, onBusy } = { ...systemWait, ...ports };
  const end = now() + longestWaitMilliseconds;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await client.send(
        new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
      );
      const text = Buffer.from(answer.Payload ?? []).toString('utf8');
      if (answer.FunctionError !== undefined) throw new FunctionFailed(errorText(text));
      return printableWithin(JSON.parse(text) as Reply, longestText);
    } catch (error) {
      if (!(error instanceof TooManyRequestsException)) throw error;
      if (attempt === 1) onBusy();
      if (now() + pauseMilliseconds > end) throw new FunctionBusy(busyText(functionName));
      await pause(pauseMilliseconds);
    }
  }
}

function busyText(functionName: string): string {
  return (
    `function ${functionName} has been busy for 60 s, so nothing was changed. Try again in a minute; ` +
    'if it stays busy, see what its ticks do: jitsi-bridges status, and the log of the scaler'
  );
}

function errorText(payload: string): string {
  try {
    const { errorType, errorMessage } = JSON.parse(payload) as Record<string, unknown>;
    return printable(
      `the function failed: ${String(errorType)}: ${String(errorMessage)}`,
      longestText,
    );
  } catch {
    return printable(`the function failed: ${payload}`, longestText);
  }
}
