import type { Instance } from '../ec2/instance';
import type { Access } from '../iam/access';
import type { Authorizer } from '../iam/authorizer';
import type { Principals } from '../principals';

export interface AgentsOptions {
  readonly authorizer: Authorizer;
  readonly principals: Principals;
  /** ARN of an instance's role; undefined for an instance without one. */
  readonly roleOf: (instance: Instance) => Promise<string | undefined>;
  readonly accountId: string;
  readonly region: string;
}

const channels = [
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
];

/**
 * The SSM agents of the machines: an instance takes commands when it runs and its role lets its
 * agent work.
 */
export class Agents {
  constructor(private readonly options: AgentsOptions) {}

  async isOnline(instance: Instance): Promise<boolean> {
    if (instance.state !== 'running') return false;
    const { authorizer, principals, roleOf, region, accountId } = this.options;
    const roleArn = await roleOf(instance);
    if (roleArn === undefined) return false;
    const { instanceId } = instance.spec;
    const resource = `arn:aws:ec2:${region}:${accountId}:instance/${instanceId}`;
    const accesses: readonly Access[] = [
      { action: 'ssm:UpdateInstanceInformation', resource },
      ...channels.map((action) => ({ action, resource: '*' })),
    ];
    const principal = principals.ofRole(roleArn, instanceId);
    return (await authorizer.denial(principal, accesses)) === undefined;
  }
}
