import type { ISecurityGroup, ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IDestination, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';

import { environment } from '../lambdas/core/protocol/environment';
import { metricNamespace } from '../lambdas/core/protocol/metrics';
import { parameterNames } from '../lambdas/core/protocol/parameters';
import { acceptFinding } from './accept-finding';
import { parameterArn } from './arns';
import { breweryOf, type FleetConfig } from './config/schema';
import { ControlFunction } from './control-function';
import { clientPort } from './server-access';

export interface CollectorFunctionProps {
  readonly config: FleetConfig;
  readonly onFailure: IDestination;
  /** Decides on what the collector has published. */
  readonly scaler: IFunction;
  readonly network: {
    readonly vpc: IVpc;
    readonly subnets: ISubnet[];
    readonly securityGroup: ISecurityGroup;
  };
}

/**
 * Reads the bridges' statistics from Prosody and publishes them to CloudWatch. Knows neither EC2
 * nor policy. Its success starts the scaler: Lambda invokes it with the collector's role, from
 * outside of the VPC, so that no endpoint of Lambda is needed there.
 */
export class CollectorFunction extends ControlFunction {
  /** What has Lambda start the scaler. */
  readonly destinations: IConstruct;

  constructor(
    scope: Construct,
    id: string,
    { config, onFailure, scaler, network }: CollectorFunctionProps,
  ) {
    super(scope, id, {
      name: 'collector',
      description: `Jitsi bridges ${config.fleet}: statistics from Prosody to CloudWatch`,
      timeoutSeconds: 45,
      memoryMiB: 256,
      logRetention: config.logRetentionDays,
      onFailure,
      // CDK's LambdaDestination would allow every version of the function too.
      onSuccess: { bind: () => ({ destination: scaler.functionArn }) },
      network,
      environment: {
        [environment.fleet]: config.fleet,
        ...namesOf(config),
        [environment.generation]: config.generation,
        [environment.xmppHost]: config.server.privateAddress,
        [environment.xmppPort]: String(clientPort),
        [environment.windowSeconds]: String(config.collector.windowSeconds),
        [environment.maxPacketRate]: String(config.collector.maxPacketRate),
      },
    });
    this.destinations = this.function.node.findChild('EventInvokeConfig');
    const names = parameterNames(config.fleet);
    const read = [names.collectorPassword, names.serverCertificate];
    if (config.server.kind === 'docker') read.push(names.serverNames);
    this.allow(
      ['ssm:GetParameter'],
      read.map((name) => parameterArn(this, name)),
    );
    this.allow(['lambda:InvokeFunction'], [scaler.functionArn]);
    this.allow(['cloudwatch:PutMetricData'], ['*'], {
      StringEquals: { 'cloudwatch:namespace': metricNamespace },
    });
    acceptFinding(
      this,
      'AwsSolutions-IAM5',
      'PutMetricData has no resources; the namespace is a condition.',
      ['Resource::*'],
    );
  }
}

/** What the server's XMPP is called; nothing where the collector finds it in a parameter. */
function namesOf(config: FleetConfig): Record<string, string> {
  const brewery = breweryOf(config);
  if (config.server.kind === 'docker' || config.domain === undefined || brewery === undefined)
    return {};
  return { [environment.domain]: config.domain, [environment.brewery]: brewery };
}
