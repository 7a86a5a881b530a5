import type { IDestination, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

import { environment } from '../lambdas/core/protocol/environment';
import { acceptFinding } from './accept-finding';
import type { FleetConfig } from './config/schema';
import { ControlFunction } from './control-function';

export interface FilterFunctionProps {
  readonly config: FleetConfig;
  readonly onFailure: IDestination;
  readonly scaler: IFunction;
}

/**
 * Passes events of the fleet's own instances on to the scaler, and no others. No reservation: it
 * may run as often as events come.
 */
export class FilterFunction extends ControlFunction {
  constructor(scope: Construct, id: string, { config, onFailure, scaler }: FilterFunctionProps) {
    super(scope, id, {
      name: 'filter',
      description: `Jitsi bridges ${config.fleet}: events of the fleet's own instances to the scaler`,
      timeoutSeconds: 15,
      memoryMiB: 256,
      logRetention: config.logRetentionDays,
      onFailure,
      environment: {
        [environment.fleet]: config.fleet,
        [environment.scalerFunction]: scaler.functionName,
      },
    });
    this.allow(['ec2:DescribeInstances'], ['*']);
    this.allow(['lambda:InvokeFunction'], [scaler.functionArn]);
    acceptFinding(this, 'AwsSolutions-IAM5', 'DescribeInstances has no resources.', [
      'Resource::*',
    ]);
  }
}
