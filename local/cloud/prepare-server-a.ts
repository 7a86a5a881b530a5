import type { SSMClient } from '@aws-sdk/client-ssm';

import { runCommandOf } from '../../lambdas/adapters/aws/run-command';
import type { MachineHost } from '../machines/machine-host';
import { serverA } from './addresses';
import { onServerA, ServerSetupFailed } from './server-a';

/** Runs the deployed prepare document on Server A, as the stack's output `PrepareCommand` says. */
export async function prepareServerA(ssm: SSMClient, document: string): Promise<void> {
  await prepare(ssm, document, { action: 'apply', restart: 'now' });
}

/**
 * The same where Server A is a host of containers. What only its operator can do is done as the
 * answer says: one command, after which Prosody's container has its port.
 */
export async function prepareContainers(
  ssm: SSMClient,
  document: string,
  machines: MachineHost,
): Promise<void> {
  const answer = await prepare(ssm, document, { action: 'apply', publish: 'yes' });
  await onServerA(machines, answer.publish?.command ?? 'false');
  const checked = await prepare(ssm, document, { action: 'check' });
  if (checked.publish?.published !== true)
    throw new ServerSetupFailed(`Prosody's port is not published: ${JSON.stringify(checked)}`);
}

interface Answer {
  readonly publish?: { readonly published: boolean; readonly command?: string };
}

async function prepare(
  ssm: SSMClient,
  document: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Answer> {
  const outcome = await runCommandOf(ssm).run({
    document,
    instanceId: serverA.instanceId,
    parameters,
    timeoutSeconds: 180,
  });
  if (outcome.status === 'success')
    return JSON.parse(outcome.stdout.trim().split('\n').at(-1) ?? '') as Answer;
  const said = outcome.status === 'failed' ? `\n${outcome.stdout}\n${outcome.stderr}` : '';
  throw new ServerSetupFailed(`preparing Server A: ${outcome.status}${said}`);
}
