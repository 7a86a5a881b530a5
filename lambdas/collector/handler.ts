import { Logger } from '@aws-lambda-powertools/logger';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SSMClient } from '@aws-sdk/client-ssm';
import { readParameter } from '../adapters/aws/parameters';
import { publishMetricsTo } from '../adapters/aws/publish-metrics';
import { readServerCertificate } from '../adapters/aws/server-certificate';
import { statsOfBrewery } from '../adapters/xmpp/stats-brewery';
import { statsOfNode } from '../adapters/xmpp/stats-node';
import { readServerNames } from '../adapters/aws/server-names';
import type { CollectorResult } from '../core/protocol/collected';
import { printable } from '../core/protocol/printable';
import { parameterNames } from '../core/protocol/parameters';
import type { ServerNames } from '../core/protocol/xmpp-names';
import { collect, type CollectOutcome, type Credentials, type KnownBridges } from './collect';
import { parseCollectorEnv } from './env';

/**
 * Trigger: a schedule, every minute; the event is not read. Reads: the stats node or the brewery
 * on Server A (XMPP, TLS pinned), its own password and the pin (SSM). Writes: CloudWatch metrics
 * by bridge and by fleet. Answers: what it published; Lambda hands that on to the scaler, which
 * decides on it at once. Fails: whenever the stats cannot be read; then nothing is published, so
 * that silence of the collector is never taken for silence of the bridges.
 */

const env = parseCollectorEnv(process.env);
const logger = new Logger({ serviceName: 'collector', persistentKeys: { fleet: env.fleet } });
const ssm = new SSMClient({ retryMode: 'adaptive' });
const publish = publishMetricsTo(new CloudWatchClient({ retryMode: 'adaptive' }));

const listen = ({ brewery }: ServerNames) =>
  env.generation === 'component' ? statsOfNode(env.domain) : statsOfBrewery(brewery);

/** Lives as long as the container does; without it the next run listens for the whole window. */
let known: KnownBridges;

/** The stats could not be read, or the metrics not be published. */
export class CollectFailedError extends Error {
  override readonly name = 'CollectFailedError';
}

export async function handler(): Promise<CollectorResult> {
  const collected = await run();
  if (collected.result === 'notRegisteredYet') {
    logger.info('Not registered yet: no password or pinned certificate in SSM');
    return { result: collected.result, bridges: 0 };
  }
  const { reports, observed, rejected, minute, heardFrom } = collected;
  known = new Set(reports.map(({ instanceId }) => instanceId));
  logger.info('Published', { bridges: reports.length, defaultBridge: observed, rejected });
  return { result: collected.result, bridges: reports.length, minute, heardFrom };
}

/** Fails with plain words: an error of xmpp.js carries whole stanzas, which are not for the log. */
async function run(): Promise<CollectOutcome> {
  try {
    const ports = { credentials, listen, publish, now: Date.now };
    return await collect(ports, env, known);
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    // What Prosody or another occupant wrote may be part of it.
    const explanation = printable(message, 1000);
    logger.error('Nothing published', { reason: name, explanation });
    throw new CollectFailedError(`${name}: ${explanation}`);
  }
}

async function credentials(): Promise<Credentials | undefined> {
  const [password, certificate, names] = await Promise.all([
    readParameter(ssm, parameterNames(env.fleet).collectorPassword),
    readServerCertificate(ssm, env.fleet),
    env.names ?? readServerNames(ssm, env.fleet),
  ]);
  if (password === undefined || certificate === undefined || names === undefined) return undefined;
  return { names, password, fingerprint: certificate.fingerprint };
}
