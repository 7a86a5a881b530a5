import { createHash } from 'node:crypto';
import { isRate } from '../scheduler/rate';

/** A resource of a template, as far as the gateway looks at it. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly [attribute: string]: unknown;
}

/** Where a stack is deployed. */
export interface StackPlace {
  readonly stackName: string;
  readonly accountId: string;
  readonly region: string;
}

interface KeptType {
  /** Whether this resource, of all of its type, is one that the gateway keeps. */
  readonly kept: (resource: TemplateResource) => boolean;
  /** Property that names the resource; `Ref` gives its value, or a generated name without it. */
  readonly nameProperty: string;
  /** Value of `Fn::GetAtt … Arn`, from the name. */
  readonly arn?: (name: unknown, place: StackPlace, resource: TemplateResource) => unknown;
}

const always = (): boolean => true;
const alarmArn = (name: unknown, { region, accountId }: StackPlace): unknown => ({
  'Fn::Join': ['', [`arn:aws:cloudwatch:${region}:${accountId}:alarm:`, name]],
});

const scheduleArn = (
  name: unknown,
  { region, accountId }: StackPlace,
  { Properties }: TemplateResource,
): unknown => {
  const group = Properties?.['GroupName'] ?? 'default';
  return {
    'Fn::Join': ['', [`arn:aws:scheduler:${region}:${accountId}:schedule/`, group, '/', name]],
  };
};

/**
 * What ministack 1.5 refuses to deploy; and schedules with a rate, which it starts late and whose
 * events it drops while the function is at its reserved concurrency.
 */
const keptTypes: Readonly<Record<string, KeptType>> = {
  'AWS::SSM::Document': { kept: always, nameProperty: 'Name' },
  'AWS::EC2::SecurityGroupIngress': { kept: always, nameProperty: '' },
  'AWS::EC2::SecurityGroupEgress': { kept: always, nameProperty: '' },
  'AWS::CloudWatch::CompositeAlarm': {
    kept: always,
    nameProperty: 'AlarmName',
    arn: alarmArn,
  },
  'AWS::CloudWatch::Alarm': {
    kept: ({ Properties }) => Properties?.['Metrics'] !== undefined,
    nameProperty: 'AlarmName',
    arn: alarmArn,
  },
  'AWS::Scheduler::Schedule': {
    kept: ({ Properties }) => isRate(Properties?.['ScheduleExpression']),
    nameProperty: 'Name',
    arn: scheduleArn,
  },
};

export function isKept(resource: TemplateResource): boolean {
  return keptTypes[resource.Type]?.kept(resource) ?? false;
}

/**
 * What `Ref` to a kept resource gives on AWS: its name, an expression where the template computes
 * it.
 */
export function refValue(
  id: string,
  resource: TemplateResource,
  { stackName }: StackPlace,
): unknown {
  const property = keptTypes[resource.Type]?.nameProperty ?? '';
  return resource.Properties?.[property] ?? generatedName(stackName, id);
}

/** What `Fn::GetAtt` to a kept resource gives. */
export function attributeValue(
  id: string,
  resource: TemplateResource,
  attribute: string,
  place: StackPlace,
): unknown {
  const name = refValue(id, resource, place);
  return attribute === 'Arn'
    ? (keptTypes[resource.Type]?.arn?.(name, place, resource) ?? name)
    : name;
}

/** `Stack-Logical-RANDOM`, always the same for a stack and a logical id. */
function generatedName(stackName: string, id: string): string {
  const hash = createHash('sha256').update(`${stackName}/${id}`).digest();
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  const random = [...hash.subarray(0, 12)].map((byte) => letters[byte % letters.length]).join('');
  return `${stackName.slice(0, 60)}-${id.slice(0, 50)}-${random}`;
}
