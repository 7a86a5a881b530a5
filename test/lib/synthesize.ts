import { App, Aspects } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';

import { parseConfig } from '../../lib/config/parse-config';
import { deploymentSchema } from '../../lib/config/schema';
import { FleetStack } from '../../lib/fleet-stack';
import { smallestFleet } from './config/example-config';

/**
 * A stack as the app makes it, but quickly: code is not bundled, and CDK's own validation of the
 * template is left out. The tests of `bin/app.ts` have both.
 */
function makeStack(changes: object): FleetStack {
  const app = new App({
    context: { 'aws:cdk:bundling-stacks': [] },
    builtinCloudFormationValidation: false,
  });
  const config = parseConfig(deploymentSchema, { ...smallestFleet, ...changes }, 'test');
  return new FleetStack(app, config);
}

/** Template of {@link smallestFleet} with some keys changed. */
export function synthesizeFleet(changes: object = {}): Template {
  return Template.fromStack(makeStack(changes));
}

/** What cdk-nag and CDK itself have to say about it. */
export function findingsOf(changes: object = {}): readonly string[] {
  const stack = makeStack(changes);
  Aspects.of(stack).add(new AwsSolutionsChecks());
  const annotations = Annotations.fromStack(stack);
  return [
    ...annotations.findError('*', Match.anyValue()),
    ...annotations.findWarning('*', Match.anyValue()),
  ].map(({ id, entry }) => `${id}: ${JSON.stringify(entry.data)}`);
}

/**
 * A template's value as text: joins are joined, references become `<LogicalId>` or
 * `<LogicalId.Attribute>`.
 */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const {
    Ref,
    'Fn::GetAtt': attribute,
    'Fn::Join': join,
    'Fn::Base64': base64,
  } = value as {
    Ref?: string;
    'Fn::GetAtt'?: string[];
    'Fn::Join'?: [string, unknown[]];
    'Fn::Base64'?: unknown;
  };
  if (Ref !== undefined) return `<${Ref}>`;
  if (attribute !== undefined) return `<${attribute.join('.')}>`;
  if (join !== undefined) return join[1].map(textOf).join(join[0]);
  if (base64 !== undefined) return textOf(base64);
  throw new Error(`not text: ${JSON.stringify(value)}`);
}

export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Record<string, Record<string, unknown>>;
}

type PolicyStatement = Readonly<Record<string, unknown>>;

/** Of the policies that are attached to the role whose logical id or name contains `role`. */
function policiesOf(
  template: Template,
  role: string,
  effect: 'Allow' | 'Deny',
): readonly Statement[] {
  const policies = Object.values(template.findResources('AWS::IAM::Policy')) as {
    Properties: { Roles: unknown[]; PolicyDocument: { Statement: PolicyStatement[] } };
  }[];
  return policies
    .filter(({ Properties }) => Properties.Roles.some((name) => textOf(name).includes(role)))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter((statement) => statement['Effect'] === effect)
    .map((statement) => ({
      actions: [statement['Action']].flat().map(textOf),
      resources: [statement['Resource']].flat().map(textOf),
      ...(statement['Condition'] === undefined
        ? {}
        : { conditions: statement['Condition'] as Record<string, Record<string, unknown>> }),
    }));
}

/** What a role may do, of the policies that are attached to it. */
export function statementsOf(template: Template, role: string): readonly Statement[] {
  return policiesOf(template, role, 'Allow');
}

/** What a role must not do to the Jitsi Meet server, whatever else it may do. */
export function deniedOnServer(template: Template, role: string): readonly string[] {
  return policiesOf(template, role, 'Deny').flatMap(({ actions, resources, conditions }) => {
    const isServer = resources.every((arn) => arn.endsWith(':instance/i-0123456789abcdef0'));
    return isServer && conditions === undefined ? actions : [];
  });
}

/** The one statement that allows an action on a resource whose ARN ends so. */
export function statementFor(
  statements: readonly Statement[],
  action: string,
  resourceEnd: string,
): Statement | undefined {
  return statements.find(
    ({ actions, resources }) =>
      actions.includes(action) && resources.some((resource) => resource.endsWith(resourceEnd)),
  );
}
