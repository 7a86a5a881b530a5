import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { SSMClient } from '@aws-sdk/client-ssm';
import { describeBridges } from '../adapters/aws/ec2';
import { fleetMetricsOf } from '../adapters/aws/metrics';
import { stateOf } from '../adapters/aws/state';
import { keptHistory } from '../observation/load-history';
import type { ReadPorts } from '../observation/ports';

/** Somebody waits for the answer: better to say what cannot be read than to wait for it. */
const settings = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 2000, requestTimeout: 8000, throwOnRequestTimeout: true },
};

/** Clients and the load's history outlive an invocation. */
export function awsReadPorts(fleet: string): ReadPorts {
  const ec2 = new EC2Client(settings);
  const cloudWatch = new CloudWatchClient(settings);
  const ssm = new SSMClient(settings);
  const metrics = fleetMetricsOf(cloudWatch, fleet);
  return {
    instances: { describe: () => describeBridges(ec2, fleet) },
    metrics,
    history: keptHistory((since, now) => metrics.loads(since, now)),
    state: stateOf(ssm, fleet),
    clock: { now: () => Math.floor(Date.now() / 1000) },
  };
}
