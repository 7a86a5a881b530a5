import type { ISecurityGroup, ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IDestination } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

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
  readonly network: {
    readonly vpc: IVpc;
    readonly subnets: ISubnet[];
    readonly securityGroup: ISecurityGroup;
  };
}

/** Reads the bridges' statistics from Prosody and publishes them to CloudWatch. Knows neither EC2 nor policy. */
export class CollectorFunction extends ControlFunction {
  constructor(
    scope: Construct,
    id: string,
    { config, onFailure, network }: CollectorFunctionProps,
  ) {
    super(scope, id, {
      name: 'collector',
      description: `Jitsi bridges ${config.fleet}: statistics from Prosody to CloudWatch`,
      timeoutSeconds: 45,
      memoryMiB: 256,
      logRetention: config.logRetentionDays,
      onFailure,
      network,
      environment: {
        [environment.fleet]: config.fleet,
        [environment.domain]: config.domain,
        [environment.generation]: config.generation,
        [environment.brewery]: breweryOf(config),
        [environment.xmppHost]: config.server.privateAddress,
        [environment.xmppPort]: String(clientPort),
        [environment.windowSeconds]: String(config.collector.windowSeconds),
        [environment.maxPacketRate]: String(config.collector.maxPacketRate),
      },
    });
    const names = parameterNames(config.fleet);
    this.allow(
      ['ssm:GetParameter'],
      [parameterArn(this, names.collectorPassword), parameterArn(this, names.serverCertificate)],
    );
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
