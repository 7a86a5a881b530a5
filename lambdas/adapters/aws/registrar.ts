import type { LambdaClient } from '@aws-sdk/client-lambda';
import { invokeLater } from './invoke-later';
import { runFunction } from './run-function';

/** Tells the registrar that the set of bridges has changed; it looks for itself what to do. */
export type NotifyRegistrar = () => Promise<void>;

/** Asynchronous: returns when Lambda has taken the event, not when the registrar has run. */
export function notifyRegistrarOf(client: LambdaClient, functionName: string): NotifyRegistrar {
  return () => invokeLater(client, functionName, { trigger: 'scaler' });
}

/**
 * Has a drained bridge's secret replaced by a new one, in SSM and on Server A; the bridge itself
 * is the caller's.
 */
export type RotateSecret = (instanceId: string) => Promise<void>;

/** @returns a function that throws FunctionFailedError when the secret, or Server A, is not as wanted */
export function rotateSecretOf(client: LambdaClient, functionName: string): RotateSecret {
  return (instanceId) => runFunction(client, functionName, { rotate: [instanceId] });
}
