import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

import { launchTemplateTag, type Origin } from '../lambdas/core/protocol/origin';
import { tagKeys } from '../lambdas/core/protocol/tags';
import { ec2Arn } from './arns';
import type { BridgeTemplate } from './bridge-template';
import type { FleetConfig } from './config/schema';
import type { ControlFunction } from './control-function';

interface OriginProps {
  readonly config: FleetConfig;
  readonly template: BridgeTemplate;
}

/** How the functions tell the fleet's instances from others, as JSON for their environment. */
export function originText(scope: Construct, { config, template }: OriginProps): string {
  const origin: Origin = {
    launchTemplateId: template.template.launchTemplateId ?? '',
    instanceProfileArn: template.instanceProfileArn,
    serverInstanceId: config.server.instanceId,
  };
  return Stack.of(scope).toJsonString(origin);
}

/**
 * The same as far as IAM can ask for it, for a `StringEquals`: the fleet's tag, which anyone with
 * the right to tag can set, and the tag of the launch template, which only EC2 can.
 */
export function ofOurs(
  { fleet }: FleetConfig,
  { template }: BridgeTemplate,
): Readonly<Record<string, string>> {
  return {
    [`aws:ResourceTag/${tagKeys.fleet}`]: fleet,
    [`aws:ResourceTag/${launchTemplateTag}`]: template.launchTemplateId ?? '',
  };
}

/** The Jitsi Meet server is not terminated, stopped or tagged, whatever its tags say. */
export function denyServer(control: ControlFunction, serverInstanceId: string): void {
  control.deny(
    [
      'ec2:TerminateInstances',
      'ec2:StopInstances',
      'ec2:RebootInstances',
      'ec2:CreateTags',
      'ec2:DeleteTags',
    ],
    [ec2Arn(control, 'instance', serverInstanceId)],
  );
}

/** Nor does it run what is meant for bridges. */
export function denyCommands(control: ControlFunction, serverInstanceId: string): void {
  control.deny(['ssm:SendCommand'], [ec2Arn(control, 'instance', serverInstanceId)]);
}
