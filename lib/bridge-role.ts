import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

import { hostMetricNamespace } from '../lambdas/core/protocol/metrics';
import { parameterNames, secretOwnerTag } from '../lambdas/core/protocol/parameters';
import { acceptFinding } from './accept-finding';
import { parameterArn } from './arns';
import type { FleetConfig } from './config/schema';

/**
 * Role of a bridge: its own secret, the server's certificate (and names, where they are found
 * there), the times of its boot, and what the SSM agent needs to take commands. Not
 * `AmazonSSMManagedInstanceCore`, which may read every parameter of the account.
 */
export class BridgeRole extends Construct {
  readonly role: Role;

  constructor(
    scope: Construct,
    id: string,
    { fleet, server }: Pick<FleetConfig, 'fleet' | 'server'>,
  ) {
    super(scope, id);
    const names = parameterNames(fleet);
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      description: `A Jitsi bridge of fleet ${fleet}`,
    });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['ssm:GetParameter'],
        resources: [parameterArn(this, `${names.bridges}/*`)],
        conditions: {
          // A policy variable of IAM, resolved when a bridge asks: the secret must carry the
          // bridge's own ARN.
          StringEquals: { [`aws:ResourceTag/${secretOwnerTag}`]: '${ec2:SourceInstanceARN}' },
        },
      }),
    );
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['ssm:GetParameter'],
        resources: [
          parameterArn(this, names.serverCertificate),
          ...(server.kind === 'docker' ? [parameterArn(this, names.serverNames)] : []),
        ],
      }),
    );
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['cloudwatch:PutMetricData'],
        resources: ['*'],
        conditions: { StringEquals: { 'cloudwatch:namespace': hostMetricNamespace } },
      }),
    );
    this.role.addToPolicy(new PolicyStatement({ actions: [...agentActions], resources: ['*'] }));
    acceptFinding(
      this.role,
      'AwsSolutions-IAM5',
      "One role for all bridges: the condition on the secret's owner tag narrows the path to the bridge's own. Metrics and the SSM agent's channels have no resources; metrics are narrowed by namespace.",
    );
  }
}

/** What the agent needs to be managed and to take commands. */
const agentActions = [
  'ssm:UpdateInstanceInformation',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
  'ec2messages:AcknowledgeMessage',
  'ec2messages:DeleteMessage',
  'ec2messages:FailMessage',
  'ec2messages:GetEndpoint',
  'ec2messages:GetMessages',
  'ec2messages:SendReply',
] as const;
