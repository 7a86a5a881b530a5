import { Logger } from '@aws-lambda-powertools/logger';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import { runCommandOf } from '../adapters/aws/run-command';
import { lastWords } from '../adapters/aws/console';
import { launchBridges } from '../adapters/aws/create-fleet';
import {
  describeBridge,
  describeBridges,
  tagInstances,
  terminateInstance,
  untagInstances,
} from '../adapters/aws/ec2';
import { fleetMetricsOf } from '../adapters/aws/metrics';
import { publishMetricsTo } from '../adapters/aws/publish-metrics';
import { notifyRegistrarOf, rotateSecretOf } from '../adapters/aws/registrar';
import { hasSecret } from '../adapters/aws/secrets';
import { stateOf } from '../adapters/aws/state';
import type { ScalerEnv } from './env';
import { keptHistory } from '../observation/load-history';
import type { Ports } from './ports';

/** A tick has a minute: better to give a call up and resume next time than to wait for it. */
const settings = {
  retryMode: 'adaptive',
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 2000, requestTimeout: 10000, throwOnRequestTimeout: true },
};

/** A fleet request of type instant is answered only when its instances are launched. */
const patientSettings = {
  ...settings,
  requestHandler: { ...settings.requestHandler, requestTimeout: 45000 },
};

/**
 * The registrar answers when Server A has done its part. Not repeated by the client: the operator
 * is there to do so.
 */
const registrarSettings = {
  ...settings,
  maxAttempts: 1,
  requestHandler: { ...settings.requestHandler, requestTimeout: 120000 },
};

/**
 * Clients and the load's history outlive an invocation; what belongs to one tick (the memory's version) is made anew.
 * @returns a function that gives the ports of one invocation
 */
export function awsPorts({ fleet, registrarFunction, launch }: ScalerEnv): () => Ports {
  const ec2 = new EC2Client(patientSettings);
  const cloudWatch = new CloudWatchClient(settings);
  const ssm = new SSMClient(settings);
  const lambda = new LambdaClient(settings);
  const patientLambda = new LambdaClient(registrarSettings);
  const logger = new Logger({ serviceName: 'scaler' });
  const metrics = fleetMetricsOf(cloudWatch, fleet);
  const history = keptHistory((since, now) => metrics.loads(since, now));
  const dataDelay = { seconds: 0 };
  return () => ({
    dataDelay,
    instances: {
      describe: () => describeBridges(ec2, fleet),
      launch: (request) => launchBridges(ec2, fleet, request, launch.tags),
      tag: (instanceId, tags) => tagInstances(ec2, [instanceId], tags),
      untag: (instanceId, keys) => untagInstances(ec2, [instanceId], keys),
      terminate: (instanceId) => terminateInstance(ec2, instanceId),
      look: (instanceId) => describeBridge(ec2, instanceId),
      lastWords: (instanceId) => lastWords(ec2, instanceId),
    },
    metrics,
    history,
    publish: publishMetricsTo(cloudWatch),
    state: stateOf(ssm, fleet),
    runCommand: runCommandOf(ssm),
    hasSecret: (instanceId) => hasSecret(ssm, fleet, instanceId),
    notifyRegistrar: notifyRegistrarOf(lambda, registrarFunction),
    rotateSecret: rotateSecretOf(patientLambda, registrarFunction),
    clock: {
      now: () => Math.floor(Date.now() / 1000),
      sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
    },
    log: {
      info: (message, fields) => logger.info(message, { ...fields }),
      error: (message, fields) => logger.error(message, { ...fields }),
    },
  });
}
