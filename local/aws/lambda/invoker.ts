import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { FunctionReference } from './function-reference';

/**
 * A run of a function that ended in an error of the function: its code threw, or ran out of time.
 */
export interface FunctionFailure {
  readonly kind: 'failed';
  readonly executedVersion: string;
  /** `Handled` or `Unhandled`. */
  readonly functionError: string;
  /** JSON that tells the error. */
  readonly response: string;
}

export interface FunctionSuccess {
  readonly kind: 'succeeded';
  readonly executedVersion: string;
  /** JSON that the function answered. */
  readonly response: string;
}

/** A run of a function, however it ended. */
export type FunctionRun = FunctionSuccess | FunctionFailure;

/** What came of one try to run a function. */
export type InvokeOutcome =
  | FunctionRun
  /** Throttled, or Lambda itself had trouble: the function did not run, a later try may do. */
  | { readonly kind: 'notStarted' }
  /** No later try would do either, e.g. the function is gone. */
  | { readonly kind: 'refused'; readonly reason: string };

export type Invoke = (target: FunctionReference, payload: string) => Promise<InvokeOutcome>;

/**
 * Runs functions of the emulator and waits for them. The client must not retry by itself
 * (`maxAttempts: 1`).
 */
export function invokeWith(lambda: LambdaClient): Invoke {
  return async ({ name, qualifier }, payload) => {
    const command = new InvokeCommand({
      FunctionName: name,
      ...(qualifier === undefined ? {} : { Qualifier: qualifier }),
      Payload: payload,
    });
    try {
      const { FunctionError, ExecutedVersion, Payload } = await lambda.send(command);
      const run = {
        executedVersion: ExecutedVersion ?? '$LATEST',
        response: Payload?.transformToString() || 'null',
      };
      return FunctionError === undefined
        ? { kind: 'succeeded', ...run }
        : { kind: 'failed', functionError: FunctionError, ...run };
    } catch (error) {
      return failedCall(error);
    }
  };
}

function failedCall(error: unknown): InvokeOutcome {
  const metadata = (error as { $metadata?: { httpStatusCode?: number } }).$metadata;
  const status = metadata?.httpStatusCode ?? 503;
  if (status === 429 || status >= 500) return { kind: 'notStarted' };
  return { kind: 'refused', reason: String(error) };
}
