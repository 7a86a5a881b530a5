import type { IDestination } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

import { parameterNames } from '../lambdas/core/protocol/parameters';
import { acceptFinding } from './accept-finding';
import { parameterArn } from './arns';
import { ControlFunction } from './control-function';
import { decisionEnvironment, type DecisionProps } from './decision-environment';

export interface ReaderFunctionProps extends DecisionProps {
  readonly onFailure: IDestination;
}

/**
 * Answers `status` and `plan`. It has no reserved concurrency, so it never waits for a tick, and a
 * role that can only read: whoever may invoke it can change nothing.
 */
export class ReaderFunction extends ControlFunction {
  constructor(scope: Construct, id: string, props: ReaderFunctionProps) {
    const { config } = props;
    super(scope, id, {
      name: 'reader',
      description: `Jitsi bridges ${config.fleet}: shows the fleet and what the autoscaler would do`,
      timeoutSeconds: 60,
      memoryMiB: 512,
      logRetention: config.logRetentionDays,
      onFailure: props.onFailure,
      environment: decisionEnvironment(scope, props),
    });
    const { memory, override, image } = parameterNames(config.fleet);
    this.allow(
      ['ssm:GetParameter'],
      [memory, override, image].map((name) => parameterArn(this, name)),
    );
    this.allow(['ec2:DescribeInstances', 'cloudwatch:GetMetricData'], ['*']);
    acceptFinding(
      this,
      'AwsSolutions-IAM5',
      'DescribeInstances and GetMetricData have no resources to limit them to.',
    );
  }
}
