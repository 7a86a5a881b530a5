import { Stack } from 'aws-cdk-lib';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IDestination, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

import { environment } from '../lambdas/core/protocol/environment';
import { metricNamespace } from '../lambdas/core/protocol/metrics';
import { parameterNames } from '../lambdas/core/protocol/parameters';
import { tagKeys } from '../lambdas/core/protocol/tags';
import { acceptFinding } from './accept-finding';
import {
  ec2Arn,
  imageArn,
  parameterArn,
  serviceLinkedRoleArn,
  snapshotsArn,
  subnetArn,
} from './arns';
import { ControlFunction } from './control-function';
import { decisionEnvironment, type DecisionProps } from './decision-environment';
import type { ScriptDocument } from './documents';
import { denyCommands, denyServer, ofOurs } from './origin';

export interface ScalerFunctionProps extends DecisionProps {
  readonly onFailure: IDestination;
  readonly bridgeRole: IRole;
  readonly bridgeSecurityGroup: ISecurityGroup;
  readonly bridgeDocument: ScriptDocument;
  readonly registrar: IFunction;
}

/**
 * Observes, decides, executes, records: makes all EC2 writes but one, and takes the operator's
 * commands.
 */
export class ScalerFunction extends ControlFunction {
  constructor(scope: Construct, id: string, props: ScalerFunctionProps) {
    const { config } = props;
    super(scope, id, {
      name: 'scaler',
      description: `Jitsi bridges ${config.fleet}: launches, drains and retires bridges`,
      timeoutSeconds: 180,
      memoryMiB: 512,
      logRetention: config.logRetentionDays,
      onFailure: props.onFailure,
      ...(config.reservedConcurrency ? { reservedConcurrency: 1 } : {}),
      environment: {
        ...decisionEnvironment(scope, props),
        [environment.registrarFunction]: props.registrar.functionName,
        [environment.bridgeDocument]: props.bridgeDocument.documentName,
      },
    });
    this.allowLaunch(props);
    this.allowBridges(props);
    this.allowMemory(config.fleet);
    this.allowCommands(props);
    this.allow(['cloudwatch:GetMetricData'], ['*']);
    this.allow(['cloudwatch:PutMetricData'], ['*'], {
      StringEquals: { 'cloudwatch:namespace': metricNamespace },
    });
    // Not grantInvoke: the scaler knows the registrar by its name alone, no version of it.
    this.allow(['lambda:InvokeFunction'], [props.registrar.functionArn]);
    acceptFinding(
      this,
      'AwsSolutions-IAM5',
      'Reads of EC2, CloudWatch and command results have no resources. What is launched has no id yet, and is limited by the fleet tag of the request and by the launch template; what exists is limited by its fleet tag and by the tag that EC2 sets for the launch template.',
    );
  }

  /**
   * EC2 launches a fleet with the rights of whoever asks for it, resource by resource. Whether it
   * then says which launch template it launches from (`ec2:LaunchTemplate`) nobody has published,
   * so no right depends on it: what is used is named, and what is made carries the fleet's tag.
   */
  private allowLaunch(props: ScalerFunctionProps): void {
    const { config, template } = props;
    const templateArn = ec2Arn(this, 'launch-template', template.template.launchTemplateId ?? '');
    const instances = ec2Arn(this, 'instance', '*');
    const subnets = config.bridgeSubnetIds.map((subnetId) => subnetArn(this, subnetId));
    const made = [instances, ec2Arn(this, 'network-interface', '*'), ec2Arn(this, 'volume', '*')];
    const ofFleet = { [`aws:RequestTag/${tagKeys.fleet}`]: config.fleet };
    // Not what the template names: CreateFleet asks only about what is in the request itself.
    this.allow(['ec2:CreateFleet'], [ec2Arn(this, 'fleet', '*'), templateArn, ...subnets]);
    this.allow(['ec2:CreateFleet'], [instances], { StringEquals: ofFleet });
    this.allow(
      ['ec2:RunInstances'],
      [
        templateArn,
        imageArn(this, template.imageId),
        // Those that the image is made of; like images they have no account in their ARN.
        snapshotsArn(this),
        ec2Arn(this, 'security-group', props.bridgeSecurityGroup.securityGroupId),
        ...subnets,
      ],
    );
    // Images that `jitsi-bridges bake` made for this fleet; nobody else's, whatever their tags.
    this.allow(['ec2:CreateFleet', 'ec2:RunInstances'], [imageArn(this, '*')], {
      StringEquals: {
        [`aws:ResourceTag/${tagKeys.fleet}`]: config.fleet,
        'ec2:Owner': Stack.of(this).account,
      },
    });
    this.allow(['ec2:RunInstances'], made, { StringEquals: ofFleet });
    this.allow(['ec2:CreateTags'], made, {
      StringEquals: { ...ofFleet, 'ec2:CreateAction': ['CreateFleet', 'RunInstances'] },
    });
    if (config.bridge.spot.spotPercent > 0) {
      this.allow(['ec2:RunInstances'], [ec2Arn(this, 'spot-instances-request', '*')]);
    }
    this.allow(['iam:PassRole'], [props.bridgeRole.roleArn], {
      StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' },
    });
    // AWS makes these roles once per account, at the first fleet or spot request.
    const services = ['ec2fleet.amazonaws.com'];
    if (config.bridge.spot.spotPercent > 0) services.push('spot.amazonaws.com');
    for (const service of services)
      this.allow(['iam:CreateServiceLinkedRole'], [serviceLinkedRoleArn(this, service)], {
        StringEquals: { 'iam:AWSServiceName': service },
      });
  }

  private allowBridges({ config, template }: ScalerFunctionProps): void {
    const bridges = [ec2Arn(this, 'instance', '*')];
    const ours = ofOurs(config, template);
    this.allow(['ec2:DescribeInstances'], ['*']);
    this.allow(['ec2:TerminateInstances', 'ec2:GetConsoleOutput'], bridges, {
      StringEquals: ours,
    });
    this.allow(['ec2:CreateTags', 'ec2:DeleteTags'], bridges, {
      StringEquals: ours,
      'ForAllValues:StringEquals': {
        'aws:TagKeys': [tagKeys.drain, tagKeys.suspect, tagKeys.protect, tagKeys.weight],
      },
      // DeleteTags that names no key removes them all, and ForAllValues holds for none.
      Null: { 'aws:TagKeys': 'false' },
    });
    denyServer(this, config.server.instanceId);
  }

  /** Not the secrets: those are the registrar's. */
  private allowMemory(fleet: string): void {
    const names = parameterNames(fleet);
    this.allow(
      ['ssm:GetParameter', 'ssm:PutParameter'],
      [parameterArn(this, names.memory), parameterArn(this, names.override)],
    );
    this.allow(['ssm:GetParameter'], [parameterArn(this, names.image)]);
    // Whether a bridge has a secret, which needs no right to read it.
    this.allow(['ssm:ListTagsForResource'], [parameterArn(this, `${names.bridges}/*/secret`)]);
  }

  private allowCommands({ config: { fleet, server }, bridgeDocument }: ScalerFunctionProps): void {
    this.allow(['ssm:SendCommand'], [bridgeDocument.documentArn]);
    this.allow(['ssm:SendCommand'], [ec2Arn(this, 'instance', '*')], {
      // Run Command's own key for tags of the target.
      StringEquals: { [`ssm:resourceTag/${tagKeys.fleet}`]: fleet },
    });
    denyCommands(this, server.instanceId);
    this.allow(['ssm:GetCommandInvocation'], ['*']);
  }
}
