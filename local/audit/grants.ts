import {
  type CloudFormationClient,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { z } from 'zod';

import type { PolicySource } from '../aws/iam/policy-source';

/** One action on one resource that a policy of the stack allows, as the policy writes them. */
export interface DeployedGrant {
  readonly role: string;
  /** Logical id of the role in the template, without CDK's hash: what a reason names it by. */
  readonly roleId: string;
  readonly policy: string;
  readonly statement: number;
  readonly action: string;
  readonly resource: string;
}

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const documentSchema = z.object({
  Statement: z.array(
    z.object({
      Effect: z.enum(['Allow', 'Deny']),
      Action: texts.default([]),
      Resource: texts.default([]),
    }),
  ),
});

/**
 * What the policies of a deployed stack grant: those of its roles, and those that it adds to roles
 * that were there before.
 */
export async function deployedGrants(
  client: CloudFormationClient,
  policies: PolicySource,
  stackName: string,
  otherRoles: readonly string[],
): Promise<readonly DeployedGrant[]> {
  const roles = new Map(otherRoles.map((name) => [name, name]));
  for await (const page of paginateListStackResources({ client }, { StackName: stackName })) {
    for (const {
      ResourceType,
      PhysicalResourceId,
      LogicalResourceId,
    } of page.StackResourceSummaries ?? []) {
      if (ResourceType !== 'AWS::IAM::Role') continue;
      roles.set(PhysicalResourceId ?? '', (LogicalResourceId ?? '').replace(/[0-9A-F]{8}$/, ''));
    }
  }
  const grants: DeployedGrant[] = [];
  for (const [role, roleId] of roles) {
    for (const { name, document } of await policies.policiesOf(role)) {
      // AWS's own policies grant what they grant.
      if (name.startsWith('arn:')) continue;
      documentSchema
        .parse(document)
        .Statement.forEach(({ Effect, Action, Resource }, statement) => {
          if (Effect === 'Deny') return;
          for (const action of Action) {
            for (const resource of Resource) {
              grants.push({ role, roleId, policy: name, statement, action, resource });
            }
          }
        });
    }
  }
  return grants;
}
