import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import type { IDestination, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct, type IConstruct, type IDependable } from 'constructs';

import { environment } from '../lambdas/core/protocol/environment';
import { parameterNames } from '../lambdas/core/protocol/parameters';
import { tagKeys } from '../lambdas/core/protocol/tags';
import { acceptFinding } from './accept-finding';
import { ec2Arn, parameterArn } from './arns';
import type { BridgeTemplate } from './bridge-template';
import type { FleetConfig } from './config/schema';
import { ControlFunction } from './control-function';
import type { ScriptDocument } from './documents';
import { denyCommands, denyServer, ofOurs, originText } from './origin';

export interface TeardownProps {
  readonly config: FleetConfig;
  readonly template: BridgeTemplate;
  readonly onFailure: IDestination;
  readonly bridgeDocument: ScriptDocument;
  readonly scaler: IFunction;
  readonly registrar: IFunction;
}

/** Within it the function always answers; CloudFormation waits a little longer. */
const timeoutSeconds = 840;

/**
 * Empties the fleet when the stack is deleted. Two custom resources, as CloudFormation deletes a
 * resource before what it depends on: *empty* depends on everything, so that a refusal leaves all
 * as it is; *sweep* is what the triggers depend on, so that nothing starts a tick any more when it
 * runs.
 */
export class Teardown extends Construct {
  private readonly function: TeardownFunction;
  private readonly force: boolean;
  private readonly sweep: CustomResource;

  constructor(scope: Construct, id: string, props: TeardownProps) {
    super(scope, id);
    this.function = new TeardownFunction(this, 'Empties', props);
    this.force = props.config.teardown.force;
    this.sweep = this.step('sweep');
  }

  /** What `sweep` needs until it has run. */
  sweepBefore(...needed: IDependable[]): void {
    this.sweep.node.addDependency(...needed);
  }

  /** What has to be gone when `sweep` runs: all that starts functions. */
  sweepAfter(...starters: IConstruct[]): void {
    for (const starter of starters) starter.node.addDependency(this.sweep);
  }

  /** To be called last: `empty` is deleted before all of these. */
  emptyBefore(...all: IDependable[]): void {
    this.step('empty').node.addDependency(this.sweep, ...all);
  }

  private step(step: 'empty' | 'sweep'): CustomResource {
    const resource = new CustomResource(this, step === 'empty' ? 'Empty' : 'Sweep', {
      serviceToken: this.function.function.functionArn,
      serviceTimeout: Duration.seconds(timeoutSeconds + 60),
      resourceType: step === 'empty' ? 'Custom::EmptyFleet' : 'Custom::SweepFleet',
      properties: { step, force: String(this.force) },
    });
    // Its rights and settings too, not only the function.
    resource.node.addDependency(this.function);
    return resource;
  }
}

class TeardownFunction extends ControlFunction {
  constructor(scope: Construct, id: string, props: TeardownProps) {
    const { config, bridgeDocument, scaler, registrar } = props;
    super(scope, id, {
      name: 'teardown',
      description: `Jitsi bridges ${config.fleet}: empties the fleet before the stack is deleted`,
      timeoutSeconds,
      memoryMiB: 256,
      logRetention: config.logRetentionDays,
      onFailure: props.onFailure,
      environment: {
        [environment.fleet]: config.fleet,
        [environment.origin]: originText(scope, props),
        [environment.bridgeDocument]: bridgeDocument.documentName,
        [environment.scalerFunction]: scaler.functionName,
        [environment.registrarFunction]: registrar.functionName,
      },
    });
    const names = parameterNames(config.fleet);
    this.allow(['cloudformation:DescribeStacks'], [Stack.of(this).stackId]);
    this.allow(['ec2:DescribeInstances'], ['*']);
    this.allow(['ec2:TerminateInstances'], [ec2Arn(this, 'instance', '*')], {
      StringEquals: ofOurs(config, props.template),
    });
    denyServer(this, config.server.instanceId);
    denyCommands(this, config.server.instanceId);
    this.allow(['ssm:SendCommand'], [bridgeDocument.documentArn]);
    this.allow(['ssm:SendCommand'], [ec2Arn(this, 'instance', '*')], {
      // Run Command's own key for tags of the target.
      StringEquals: { [`ssm:resourceTag/${tagKeys.fleet}`]: config.fleet },
    });
    this.allow(['ssm:GetCommandInvocation'], ['*']);
    this.allow(['ssm:GetParameter', 'ssm:PutParameter'], [parameterArn(this, names.override)]);
    this.allow(
      ['ssm:GetParametersByPath'],
      [parameterArn(this, names.root), parameterArn(this, `${names.root}/*`)],
    );
    this.allow(['ssm:DeleteParameters'], [parameterArn(this, `${names.root}/*`)]);
    this.allow(['lambda:InvokeFunction'], [scaler.functionArn, registrar.functionArn]);
    acceptFinding(
      this,
      'AwsSolutions-IAM5',
      'DescribeInstances and GetCommandInvocation have no resources; instance ids are not known beforehand and are limited by the fleet tag and by the tag that EC2 sets for the launch template; parameters are limited to the path of the fleet.',
    );
  }
}
