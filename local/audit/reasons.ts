import type { UnusedGrant } from './report';

interface Reason {
  readonly role: RegExp;
  readonly action: RegExp;
  readonly resource?: RegExp;
  readonly why: string;
}

const anyRole = /./;

/** Grants that are right although no story of the local cloud can exercise them, each with why. */
const reasons: readonly Reason[] = [
  {
    role: anyRole,
    action: /^ssm:GetParametersByPath$/,
    resource: /\/\*$/,
    why: 'public reports show the resource of a path with and without a closing slash',
  },
  {
    role: /BridgeRole$/,
    action: /^ec2messages:/,
    why: 'agents before 3.3.40, as older images have them, take commands through ec2messages',
  },
  {
    role: /ScalerRole$/,
    action: /^ssm:ListTagsForResource$/,
    resource: /\/secret$/,
    why: 'asked only before a bridge that never registered is terminated at its boot time-out',
  },
  {
    role: /Role$/,
    action: /^sqs:SendMessage$/,
    why: 'only an event that a function failed on goes to the queue of failures',
  },
  {
    role: /Role$/,
    action: /^sqs:(GetQueueAttributes|GetQueueUrl)$/,
    why: "CDK's SqsDestination grants them with SendMessage",
  },
  {
    role: /CollectorRole$/,
    action: /^ec2:(Assign|Unassign)PrivateIpAddresses$/,
    why: 'Lambda asks for them in VPCs whose functions share interfaces; AWSLambdaVPCAccessExecutionRole has them',
  },
];

/** Why a grant may stay unused; undefined when nobody has noted it. */
export function reasonFor({ role, action, resource }: UnusedGrant): string | undefined {
  return reasons.find(
    (reason) =>
      reason.role.test(role) &&
      reason.action.test(action) &&
      (reason.resource?.test(resource) ?? true),
  )?.why;
}
