import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** Tells the registrar that the set of bridges has changed; it looks for itself what to do. */
export type NotifyRegistrar = () => Promise<void>;

/** Asynchronous: returns when Lambda has taken the event, not when the registrar has run. */
export function notifyRegistrarOf(client: LambdaClient, functionName: string): NotifyRegistrar {
  return async () => {
    await client.send(
      new InvokeCommand({
        FunctionName: functionName,
        InvocationType: 'Event',
        Payload: new TextEncoder().encode(JSON.stringify({ trigger: 'scaler' })),
      }),
    );
  };
}
