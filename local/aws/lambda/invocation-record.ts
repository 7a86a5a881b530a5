import type { FunctionRun } from './invoker';

export type InvocationCondition = 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';

export interface EndedEvent {
  readonly requestId: string;
  /** With the version that was asked for, `$LATEST` when none was. */
  readonly functionArn: string;
  readonly condition: InvocationCondition;
  /** How often the function ran. */
  readonly runs: number;
  /** The event, JSON. */
  readonly payload: string;
  /** How the last run ended; absent when there was none. */
  readonly last?: FunctionRun;
}

/**
 * What Lambda gives to a destination, JSON (Lambda Developer Guide, "Capturing records of Lambda
 * asynchronous invocations").
 */
export function invocationRecord(ended: EndedEvent, now: Date): string {
  const { requestId, functionArn, condition, runs, payload, last } = ended;
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
            ...(last.kind === 'failed' ? { functionError: last.functionError } : {}),
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
