import type { IDestination } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

import { environment } from '../lambdas/core/protocol/environment';
import { parameterNames } from '../lambdas/core/protocol/parameters';
import { tagKeys } from '../lambdas/core/protocol/tags';
import { acceptFinding } from './accept-finding';
import { ec2Arn, parameterArn } from './arns';
import type { BridgeTemplate } from './bridge-template';
import type { FleetConfig } from './config/schema';
import { ControlFunction } from './control-function';
import type { ScriptDocument } from './documents';
import { denyServer, ofOurs, originText } from './origin';

export interface RegistrarFunctionProps {
  readonly config: FleetConfig;
  readonly template: BridgeTemplate;
  readonly onFailure: IDestination;
  readonly syncDocument: ScriptDocument;
}

/** Makes the secrets of the live bridges and Prosody's credentials equal to them. */
export class RegistrarFunction extends ControlFunction {
  constructor(scope: Construct, id: string, props: RegistrarFunctionProps) {
    const { config, syncDocument } = props;
    super(scope, id, {
      name: 'registrar',
      description: `Jitsi bridges ${config.fleet}: secrets and Prosody credentials of all live bridges`,
      timeoutSeconds: 150,
      memoryMiB: 256,
      logRetention: config.logRetentionDays,
      onFailure: props.onFailure,
      ...(config.reservedConcurrency ? { reservedConcurrency: 1 } : {}),
      environment: {
        [environment.fleet]: config.fleet,
        [environment.origin]: originText(scope, props),
        [environment.serverInstanceId]: config.server.instanceId,
        [environment.syncDocument]: syncDocument.documentName,
      },
    });
    this.allowBridges(props);
    this.allowParameters(config);
    this.allow(
      ['ssm:SendCommand'],
      [syncDocument.documentArn, ec2Arn(this, 'instance', config.server.instanceId)],
    );
    this.allow(['ssm:GetCommandInvocation'], ['*']);
    acceptFinding(
      this,
      'AwsSolutions-IAM5',
      'DescribeInstances and GetCommandInvocation have no resources; instance ids are not known beforehand, so tags are limited by the fleet tag and by the tag that EC2 sets for the launch template, and secrets by their path.',
    );
  }

  private allowBridges({ config, template }: RegistrarFunctionProps): void {
    this.allow(['ec2:DescribeInstances'], ['*']);
    this.allow(['ec2:CreateTags'], [ec2Arn(this, 'instance', '*')], {
      StringEquals: ofOurs(config, template),
      'ForAllValues:StringEquals': { 'aws:TagKeys': [tagKeys.registered] },
    });
    denyServer(this, config.server.instanceId);
  }

  private allowParameters({ fleet, server }: FleetConfig): void {
    const names = parameterNames(fleet);
    const secrets = parameterArn(this, `${names.bridges}/*/secret`);
    const password = parameterArn(this, names.collectorPassword);
    const certificate = parameterArn(this, names.serverCertificate);
    this.allow(
      ['ssm:GetParametersByPath'],
      [parameterArn(this, names.bridges), parameterArn(this, `${names.bridges}/*`)],
    );
    this.allow(['ssm:PutParameter', 'ssm:AddTagsToResource'], [secrets, password]);
    const found = server.kind === 'docker' ? [parameterArn(this, names.serverNames)] : [];
    this.allow(['ssm:PutParameter', 'ssm:GetParameter'], [certificate, ...found]);
    this.allow(['ssm:DeleteParameters'], [secrets]);
  }
}
