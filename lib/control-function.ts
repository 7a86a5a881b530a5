import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function, type IDestination, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import { acceptFinding } from './accept-finding';
import { functionCode } from './function-code';

export interface ControlFunctionProps {
  /** Folder below `lambdas/` whose `handler.ts` exports `handler`. */
  readonly name: string;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMiB: number;
  readonly logRetention: RetentionDays;
  /** Where events go that were not handled. */
  readonly onFailure: IDestination;
  /** What gets the record of an event that was handled. @default - nothing */
  readonly onSuccess?: IDestination;
  /** @default - as many at once as the account allows */
  readonly reservedConcurrency?: number;
  /** @default - outside of any VPC */
  readonly network?: {
    readonly vpc: IVpc;
    readonly subnets: ISubnet[];
    readonly securityGroup: ISecurityGroup;
  };
}

/**
 * One function of the control plane: arm64, bundled with the SDK it was tested with, a log group
 * and a role of its own. Its asynchronous events live a minute and are not retried: the next tick
 * comes anyway.
 */
export class ControlFunction extends Construct {
  readonly function: Function;

  constructor(scope: Construct, id: string, props: ControlFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: props.description,
    });
    logGroup.grantWrite(role);
    if (props.network !== undefined) grantInterfaces(role);

    this.function = new Function(this, 'Function', {
      description: props.description,
      code: functionCode(props.name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      role,
      logGroup,
      environment: { ...props.environment },
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMiB,
      maxEventAge: Duration.seconds(60),
      retryAttempts: 0,
      onFailure: props.onFailure,
      ...(props.onSuccess === undefined ? {} : { onSuccess: props.onSuccess }),
      ...(props.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrency }),
      ...(props.network === undefined
        ? {}
        : {
            vpc: props.network.vpc,
            vpcSubnets: { subnets: props.network.subnets },
            securityGroups: [props.network.securityGroup],
          }),
    });
  }

  /** Lets the function do something. */
  allow(
    actions: readonly string[],
    resources: readonly string[],
    conditions?: Readonly<Record<string, Record<string, unknown>>>,
  ): void {
    this.function.addToRolePolicy(
      new PolicyStatement({
        actions: [...actions],
        resources: [...resources],
        ...(conditions === undefined ? {} : { conditions }),
      }),
    );
  }

  /** Forbids the function something, whatever else it is allowed. */
  deny(actions: readonly string[], resources: readonly string[]): void {
    this.function.addToRolePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        actions: [...actions],
        resources: [...resources],
      }),
    );
  }
}

/**
 * What Lambda itself needs to put a function into a VPC; these actions have no narrower resource.
 */
function grantInterfaces(role: Role): void {
  role.addToPolicy(
    new PolicyStatement({
      actions: [
        'ec2:AssignPrivateIpAddresses',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
    }),
  );
  acceptFinding(
    role,
    'AwsSolutions-IAM5',
    'Lambda makes and removes the network interfaces of a function in a VPC with its role.',
    ['Resource::*'],
  );
}
