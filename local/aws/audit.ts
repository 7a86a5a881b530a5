import type { AwsRequest } from './protocol/request';

/** One call of the AWS API, answered by us or passed on. */
export interface AuditEntry {
  /** ISO 8601. */
  readonly time: string;
  /** ARN of the role session or user. */
  readonly principal: string;
  readonly service: string;
  /** `DescribeInstances`; for REST protocols `POST /path`. */
  readonly action: string;
  /** What the call names: ids, names, paths, ARNs. Never a value. */
  readonly resources: readonly string[];
  readonly status: number;
  readonly errorCode?: string;
}

const keptEntries = 20_000;

/** Which role made which call on which resource; the newest 20,000. */
export class Audit {
  private kept: AuditEntry[] = [];

  add(entry: AuditEntry): void {
    this.kept.push(entry);
    if (this.kept.length > keptEntries * 1.1) this.kept = this.kept.slice(-keptEntries);
  }

  entries(): readonly AuditEntry[] {
    return this.kept;
  }
}

/** Members that name a resource, in the APIs that the system calls. */
const naming = new Set([
  'AlarmNames',
  'CommandId',
  'DocumentName',
  'FunctionName',
  'GroupName',
  'InstanceId',
  'InstanceIds',
  'LaunchTemplateId',
  'LaunchTemplateName',
  'Name',
  'Names',
  'Namespace',
  'Path',
  'QueueUrl',
  'ResourceId',
  'RoleArn',
  'RoleName',
  'Rule',
  'StackName',
  'logGroupName',
]);

/**
 * Resources that a call names, found by the well-known members anywhere but below filters and
 * tags.
 */
export function resourcesOf(request: AwsRequest): readonly string[] {
  const found = new Set<string>();
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > 4) return;
    for (const [name, member] of Object.entries(value)) {
      if (['Filter', 'Filters', 'Tag', 'Tags', 'TagSpecification', 'Dimensions'].includes(name))
        continue;
      if (!naming.has(name)) visit(member, depth + 1);
      else for (const text of [member].flat()) if (typeof text === 'string') found.add(text);
    }
  };
  visit(request.input, 0);
  return [...found];
}
