import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** ARN of an SSM parameter. @param name with its leading slash; may end in a wildcard */
export function parameterArn(scope: Construct, name: string): string {
  return Stack.of(scope).formatArn({
    service: 'ssm',
    resource: 'parameter',
    resourceName: name.replace(/^\//, ''),
  });
}

/** ARN of an SSM document of this account. */
export function documentArn(scope: Construct, name: string): string {
  return Stack.of(scope).formatArn({ service: 'ssm', resource: 'document', resourceName: name });
}

/** ARN of something of EC2's in this account, `instance/*` or `subnet/<id>`. */
export function ec2Arn(scope: Construct, resource: string, resourceName: string): string {
  return Stack.of(scope).formatArn({ service: 'ec2', resource, resourceName });
}

/**
 * ARN of a subnet, whoever owns it: those of a VPC that is shared with this account belong to
 * another one.
 */
export function subnetArn(scope: Construct, subnetId: string): string {
  return Stack.of(scope).formatArn({
    service: 'ec2',
    account: '*',
    resource: 'subnet',
    resourceName: subnetId,
  });
}

/** ARN of an image; images have no account in theirs. */
export function imageArn(scope: Construct, imageId: string): string {
  return Stack.of(scope).formatArn({
    service: 'ec2',
    account: '',
    resource: 'image',
    resourceName: imageId,
  });
}

/** ARN of all snapshots of the region, whoever owns them. */
export function snapshotsArn(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'ec2',
    account: '',
    resource: 'snapshot',
    resourceName: '*',
  });
}

/** ARN of a role that AWS makes for one of its services. */
export function serviceLinkedRoleArn(scope: Construct, service: string): string {
  return Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName: `aws-service-role/${service}/*`,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
}
