import { Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Effect, Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

import { parameterNames } from '../lambdas/core/protocol/parameters';
import { acceptFinding } from './accept-finding';
import { parameterArn } from './arns';
import type { FleetConfig } from './config/schema';
import type { FleetNetwork } from './network';

/** Ports of Prosody: XEP-0114 components, and clients. */
const componentPort = 5347;
export const clientPort = 5222;

/** Where bridges log in, and what they are there. */
const portsOfBridges = {
  component: [componentPort, 'components'],
  muc: [clientPort, 'bridges'],
} as const;

export interface ServerAccessProps {
  readonly config: FleetConfig;
  readonly network: FleetNetwork;
}

/**
 * What the fleet changes about Server A from outside: its security group lets the fleet in, its
 * role reads the fleet's credentials. The server itself is the operator's.
 */
export class ServerAccess extends Construct {
  constructor(scope: Construct, id: string, { config, network }: ServerAccessProps) {
    super(scope, id);
    const group = SecurityGroup.fromSecurityGroupId(
      this,
      'SecurityGroup',
      config.server.securityGroupId,
    );
    const [bridgePort, bridgesAre] = portsOfBridges[config.generation];
    group.addIngressRule(
      network.bridgeSecurityGroup,
      Port.tcp(bridgePort),
      `Jitsi bridges ${config.fleet}: ${bridgesAre}`,
    );
    group.addIngressRule(
      network.collectorSecurityGroup,
      Port.tcp(clientPort),
      `Jitsi bridges ${config.fleet}: collector`,
    );

    const names = parameterNames(config.fleet);
    const credentials = [names.bridges, names.collectorPassword.replace(/\/[^/]+$/, '')];
    const policy = new Policy(this, 'Credentials', {
      statements: [
        new PolicyStatement({
          effect: Effect.ALLOW,
          actions: ['ssm:GetParametersByPath'],
          resources: credentials.flatMap((path) => [
            parameterArn(this, path),
            parameterArn(this, `${path}/*`),
          ]),
        }),
      ],
      roles: [Role.fromRoleName(this, 'Role', config.server.roleName)],
    });
    acceptFinding(
      policy,
      'AwsSolutions-IAM5',
      "Server A holds the credentials of all of this fleet's bridges, whose instance ids are not known beforehand.",
    );
  }
}
