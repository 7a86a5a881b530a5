import { GetFunctionEventInvokeConfigCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { FunctionReference } from './function-reference';

/** How long and how often Lambda tries an asynchronous event, and where a lost one goes. */
export interface DeliverySettings {
  readonly maximumEventAgeSeconds: number;
  /** Tries after a first one that ended in a function error. */
  readonly maximumRetryAttempts: number;
  /** ARN that gets a record of an event that is given up. */
  readonly onFailure?: string;
  /** ARN that gets a record of an event that was handled. */
  readonly onSuccess?: string;
}

/**
 * Reads the settings of a function; Lambda's own defaults, six hours and two retries, where it has
 * none.
 */
export async function readDeliverySettings(
  lambda: LambdaClient,
  { name, qualifier }: FunctionReference,
): Promise<DeliverySettings> {
  // The emulator takes `$LATEST` and no qualifier for two things; on AWS they are one.
  const config =
    (await readConfig(lambda, name, qualifier ?? '$LATEST')) ??
    (qualifier === undefined ? await readConfig(lambda, name) : undefined);
  const onFailure = config?.DestinationConfig?.OnFailure?.Destination;
  const onSuccess = config?.DestinationConfig?.OnSuccess?.Destination;
  return {
    maximumEventAgeSeconds: config?.MaximumEventAgeInSeconds ?? 6 * 3600,
    maximumRetryAttempts: config?.MaximumRetryAttempts ?? 2,
    ...(onFailure === undefined ? {} : { onFailure }),
    ...(onSuccess === undefined ? {} : { onSuccess }),
  };
}

async function readConfig(lambda: LambdaClient, FunctionName: string, Qualifier?: string) {
  const input = Qualifier === undefined ? { FunctionName } : { FunctionName, Qualifier };
  return lambda.send(new GetFunctionEventInvokeConfigCommand(input)).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  });
}
