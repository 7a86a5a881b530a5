import { createHash } from 'node:crypto';

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
  /** Whether this resource, of all of its type, is one that the emulator refuses. */
  readonly refused: (resource: TemplateResource) => boolean;
  /** Property that names the resource; `Ref` gives its value, or a generated name without it. */
  readonly nameProperty: string;
  /** Value of `Fn::GetAtt … Arn`, from the name. */
  readonly arn?: (name: unknown, place: StackPlace) => unknown;
}

const always = (): boolean => true;
const alarmArn = (name: unknown, { region, accountId }: StackPlace): unknown => ({
  'Fn::Join': ['', [`arn:aws:cloudwatch:${region}:${accountId}:alarm:`, name]],
});

/** What ministack 1.5 refuses to deploy. */
const keptTypes: Readonly<Record<string, KeptType>> = {
  'AWS::SSM::Document': { refused: always, nameProperty: 'Name' },
  'AWS::EC2::SecurityGroupIngress': { refused: always, nameProperty: '' },
  'AWS::EC2::SecurityGroupEgress': { refused: always, nameProperty: '' },
  'AWS::CloudWatch::CompositeAlarm': {
    refused: always,
    nameProperty: 'AlarmName',
    arn: alarmArn,
  },
  'AWS::CloudWatch::Alarm': {
    refused: ({ Properties }) => Properties?.['Metrics'] !== undefined,
    nameProperty: 'AlarmName',
    arn: alarmArn,
  },
};

export function isKept(resource: TemplateResource): boolean {
  return keptTypes[resource.Type]?.refused(resource) ?? false;
}

/** What `Ref` to a kept resource gives on AWS: its name, an expression where the template computes it. */
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
  return attribute === 'Arn' ? (keptTypes[resource.Type]?.arn?.(name, place) ?? name) : name;
}

/** `Stack-Logical-RANDOM`, always the same for a stack and a logical id. */
function generatedName(stackName: string, id: string): string {
  const hash = createHash('sha256').update(`${stackName}/${id}`).digest();
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  const random = [...hash.subarray(0, 12)].map((byte) => letters[byte % letters.length]).join('');
  return `${stackName.slice(0, 60)}-${id.slice(0, 50)}-${random}`;
}
