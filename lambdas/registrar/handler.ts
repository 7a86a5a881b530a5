import { Logger } from '@aws-lambda-powertools/logger';
import { EC2Client } from '@aws-sdk/client-ec2';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context } from 'aws-lambda';
import { runCommandOf } from '../adapters/aws/run-command';
import { describeBridges, tagInstances } from '../adapters/aws/ec2';
import { existenceOf } from '../adapters/aws/instance-existence';
import { secretsOf } from '../adapters/aws/secrets';
import { pinServerCertificate } from '../adapters/aws/server-certificate';
import { storeServerNames } from '../adapters/aws/server-names';
import { printable } from '../core/protocol/printable';
import type { ServerNames } from '../core/protocol/xmpp-names';
import { parseRegistrarEnv } from './env';
import { accountOf } from './owner';
import { register, type Registration } from './register';
import { rotationOf } from './request';

/**
 * Trigger: the scaler after changes, and a schedule; each run does the whole. `{"rotate":[…]}`
 * asks for new secrets before that. Reads: the fleet's instances (EC2; only those that it launched
 * count), its secrets without their values (SSM). Writes: secrets, the pinned certificate and
 * names found on the server (SSM), Prosody (Run Command on Server A), the tag `bridges:registered`
 * (EC2). Fails: whenever Server A cannot be brought to the wanted set; then no bridge is let
 * start. Concurrency 1: two runs would each see secrets of the other and fail with a digest
 * mismatch.
 */

const env = parseRegistrarEnv(process.env);
const logger = new Logger({ serviceName: 'registrar', persistentKeys: { fleet: env.fleet } });
const ec2 = new EC2Client({ retryMode: 'adaptive' });
const ssm = new SSMClient({ retryMode: 'adaptive', maxAttempts: 8 });

export async function handler(event: unknown, context: Context): Promise<Registration> {
  const ports = {
    instances: () => describeBridges(ec2, env.fleet),
    existence: (ids: readonly string[]) => existenceOf(ec2, ids),
    secrets: secretsOf(ssm, env.fleet),
    runCommand: runCommandOf(ssm),
    pin: (certificate: Parameters<typeof pinServerCertificate>[2]) =>
      pinServerCertificate(ssm, env.fleet, certificate),
    storeNames: (names: ServerNames) => storeServerNames(ssm, env.fleet, names),
    tag: (ids: readonly string[], tags: Readonly<Record<string, string>>) =>
      tagInstances(ec2, ids, tags),
    now: Date.now,
  };
  try {
    const registration = await register(
      ports,
      env,
      accountOf(context.invokedFunctionArn),
      rotationOf(event),
    );
    logger.info('Registered', { ...registration });
    for (const instance of registration.foreign ?? [])
      logger.error('Foreign instance', { ...instance, effect: 'it gets no credentials' });
    return registration;
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    logger.error('Not registered', { reason: name, explanation: printable(message, 1000) });
    throw error;
  }
}
