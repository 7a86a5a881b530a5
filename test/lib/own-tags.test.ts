import { App } from 'aws-cdk-lib';

import { FleetStack } from '../../lib/fleet-stack';
import { smallestFleet } from './config/example-config';
import { findingsOf, synthesizeFleet, textOf } from './synthesize';

const tags = { 'cost-center': 'video', owner: 'Jitsi team' };
const template = synthesizeFleet({ tags });
const own = [
  { Key: 'cost-center', Value: 'video' },
  { Key: 'owner', Value: 'Jitsi team' },
];

interface Resource {
  readonly Type: string;
  readonly Properties?: {
    readonly Tags?: unknown;
    readonly TagSpecifications?: readonly { readonly Tags: unknown }[];
    readonly LaunchTemplateData?: {
      readonly TagSpecifications: readonly {
        readonly ResourceType: string;
        readonly Tags: readonly unknown[];
      }[];
    };
  };
}
const { Resources: resources } = template.toJSON() as { Resources: Record<string, Resource> };

/** Types of the stack that CloudFormation gives no tags. */
const untaggable = [
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::IAM::Policy',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
  'AWS::IAM::InstanceProfile',
  'AWS::CDK::Metadata',
  'Custom::EmptyFleet',
  'Custom::SweepFleet',
];

it('are on every resource of the stack that can have tags', () => {
  const without = Object.entries(resources)
    .filter(([, { Type }]) => !untaggable.includes(Type))
    .filter(([, { Properties = {} }]) => {
      const given = JSON.stringify(Properties.Tags ?? Properties.TagSpecifications ?? []);
      return !given.includes('cost-center') || !given.includes('Jitsi team');
    })
    .map(([id, { Type }]) => `${Type} ${id}`);
  expect(without).toEqual([]);
});

it('are on volumes and network interfaces of bridges, and on all of the machine of an image', () => {
  const templates = Object.entries(resources).filter(
    ([, { Type }]) => Type === 'AWS::EC2::LaunchTemplate',
  );
  const given = templates.map(([id, { Properties }]) => [
    /^Fleet([A-Z][a-z]+)/.exec(id)?.[1],
    ...(Properties?.LaunchTemplateData?.TagSpecifications ?? []).map(({ ResourceType, Tags }) => {
      expect(Tags).toEqual(expect.arrayContaining(own));
      return ResourceType;
    }),
  ]);
  expect(given).toEqual([
    ['Bridge', 'volume', 'network-interface'],
    ['Bake', 'instance', 'volume', 'network-interface'],
  ]);
});

it('are told to the scaler, which tags the instances', () => {
  const scaler = Object.entries(resources).find(
    ([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.startsWith('FleetScaler'),
  )?.[1].Properties as unknown as { Environment: { Variables: { LAUNCH: unknown } } };
  expect(textOf(scaler.Environment.Variables.LAUNCH)).toContain(
    JSON.stringify({ tags }).slice(1, -1),
  );
});

it('are on the stack itself', () => {
  const context = { 'aws:cdk:bundling-stacks': [] };
  const app = new App({ context, builtinCloudFormationValidation: false });
  const { artifactId } = new FleetStack(app, { ...smallestFleet, tags });
  expect(app.synth().getStackArtifact(artifactId).tags).toEqual(tags);
});

it('leave everything else as it is: no finding, and no tags where none are configured', () => {
  expect(findingsOf({ tags })).toEqual([]);
  expect(JSON.stringify(synthesizeFleet().toJSON())).not.toContain('cost-center');
});
