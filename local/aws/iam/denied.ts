import { AwsError } from '../errors';
import type { Denial } from './authorizer';

/** How services spell a refusal: EC2 and the older query APIs have words of their own. */
const codes: Readonly<Record<string, readonly [code: string, status: number]>> = {
  ec2: ['UnauthorizedOperation', 403],
  cloudformation: ['AccessDenied', 403],
  iam: ['AccessDenied', 403],
  lambda: ['AccessDeniedException', 403],
  monitoring: ['AccessDenied', 403],
  s3: ['AccessDenied', 403],
  scheduler: ['AccessDeniedException', 403],
  sns: ['AuthorizationError', 403],
  sqs: ['AccessDenied', 403],
  sts: ['AccessDenied', 403],
};

/** `User: … is not authorized to perform: … on resource: … because …`, as AWS words it. */
export function denialMessage({ principal, access, reason }: Denial): string {
  const resource = access.resource === '*' ? '' : ` on resource: ${access.resource}`;
  return `User: ${principal.arn} is not authorized to perform: ${access.action}${resource} ${reason}`;
}

/** The answer to a call that is not allowed. */
export function deniedError(service: string, denial: Denial): AwsError {
  const [code, status] = codes[service] ?? ['AccessDeniedException', 400];
  const message = denialMessage(denial);
  return service === 'ec2'
    ? new AwsError(code, `You are not authorized to perform this operation. ${message}`, status)
    : new AwsError(code, message, status);
}
