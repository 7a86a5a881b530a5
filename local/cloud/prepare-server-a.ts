import type { SSMClient } from '@aws-sdk/client-ssm';

import { commandsOf } from '../../lambdas/adapters/aws/run-command';
import { serverA } from './addresses';
import { ServerSetupFailed } from './server-a';

/** Runs the deployed prepare document on Server A, as the stack's output `PrepareCommand` says. */
export async function prepareServerA(ssm: SSMClient, document: string): Promise<void> {
  const outcome = await commandsOf(ssm).run({
    document,
    instanceId: serverA.instanceId,
    parameters: { action: 'apply', restart: 'now' },
    timeoutSeconds: 180,
  });
  if (outcome.status !== 'success') {
    const said = outcome.status === 'failed' ? `\n${outcome.stdout}\n${outcome.stderr}` : '';
    throw new ServerSetupFailed(`preparing Server A: ${outcome.status}${said}`);
  }
}
