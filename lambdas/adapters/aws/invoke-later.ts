import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/**
 * Invokes a function asynchronously: resolves when Lambda has taken the event, not when the
 * function has run.
 */
export async function invokeLater(
  client: LambdaClient,
  functionName: string,
  event: unknown,
): Promise<void> {
  await client.send(
    new InvokeCommand({
      FunctionName: functionName,
      InvocationType: 'Event',
      Payload: new TextEncoder().encode(JSON.stringify(event)),
    }),
  );
}
