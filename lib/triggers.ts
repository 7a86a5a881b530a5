import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, type EventPattern } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';

export interface TriggersProps {
  readonly collector: IFunction;
  readonly scaler: IFunction;
  readonly registrar: IFunction;
  /** Passes events of the fleet's instances on to the scaler. */
  readonly filter: IFunction;
}

/** An event that is a minute old is of no use: the next tick sees the same world. */
const shortLived = { maxEventAge: Duration.minutes(1), retryAttempts: 0 };

/**
 * What starts the functions by itself: the schedules, and news about instances. EC2's events
 * cannot be filtered by tag, so those of every instance of the account come, to a function that
 * passes on the fleet's.
 */
export class Triggers extends Construct {
  private readonly schedulerRole: Role;

  constructor(
    scope: Construct,
    id: string,
    { collector, scaler, registrar, filter }: TriggersProps,
  ) {
    super(scope, id);
    this.schedulerRole = new Role(this, 'SchedulerRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    this.every(1, 'Collector', collector);
    this.every(1, 'Scaler', scaler);
    this.every(5, 'Registrar', registrar);

    this.on('InstanceState', 'An instance started or ended', filter, {
      source: ['aws.ec2'],
      detailType: ['EC2 Instance State-change Notification'],
      detail: { state: ['running', 'stopping', 'stopped', 'shutting-down', 'terminated'] },
    });
    this.on('SpotNotice', 'A spot instance is about to be interrupted', filter, {
      source: ['aws.ec2'],
      detailType: [
        'EC2 Spot Instance Interruption Warning',
        'EC2 Instance Rebalance Recommendation',
      ],
    });
    this.on('Health', 'AWS announces trouble with EC2', scaler, {
      source: ['aws.health'],
      detailType: ['AWS Health Event'],
      detail: { service: ['EC2'] },
    });
  }

  private every(minutes: number, name: string, target: IFunction): void {
    this.schedulerRole.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [target.functionArn],
      }),
    );
    new Schedule(this, `${name}Schedule`, {
      schedule: ScheduleExpression.rate(Duration.minutes(minutes)),
      target: new LambdaInvoke(target, {
        ...shortLived,
        // What CDK would add allows every version of the function too.
        role: this.schedulerRole.withoutPolicyUpdates(),
        input: ScheduleTargetInput.fromObject({ trigger: 'schedule' }),
      }),
    });
  }

  private on(name: string, description: string, target: IFunction, eventPattern: EventPattern) {
    new Rule(this, `${name}Rule`, {
      description,
      eventPattern,
      targets: [new LambdaFunction(target, shortLived)],
    });
  }
}
