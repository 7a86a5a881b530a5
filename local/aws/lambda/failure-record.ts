import type { FunctionFailure } from './invoker';

export type FailureCondition = 'RetriesExhausted' | 'EventAgeExceeded';

export interface LostEvent {
  readonly requestId: string;
  /** With the version that was asked for, `$LATEST` when none was. */
  readonly functionArn: string;
  readonly condition: FailureCondition;
  /** How often the function ran. */
  readonly runs: number;
  /** The event, JSON. */
  readonly payload: string;
  /** How the last run ended; absent when there was none. */
  readonly last?: FunctionFailure;
}

/**
 * What Lambda sends to an on-failure destination, JSON (Lambda Developer Guide, "Capturing records
 * of Lambda asynchronous invocations").
 */
export function failureRecord(lost: LostEvent, now: Date): string {
  const { requestId, functionArn, condition, runs, payload, last } = lost;
  return JSON.stringify({
    version: '1.0',
    timestamp: now.toISOString(),
    requestContext: { requestId, functionArn, condition, approximateInvokeCount: runs },
    requestPayload: JSON.parse(payload) as unknown,
    ...(last === undefined
      ? {}
      : {
          responseContext: {
            statusCode: 200,
            executedVersion: last.executedVersion,
            functionError: last.functionError,
          },
          responsePayload: jsonOrText(last.response),
        }),
  });
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
