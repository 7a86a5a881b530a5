import { Match } from 'aws-cdk-lib/assertions';

import { userDataLimitBytes } from '../../lib/user-data';
import { smallestFleet } from './config/example-config';
import { statementsOf, synthesizeFleet, textOf } from './synthesize';

const template = synthesizeFleet();

interface Data {
  readonly TagSpecifications: { ResourceType: string; Tags: { Key: string; Value: string }[] }[];
  readonly UserData: unknown;
  readonly ImageId: unknown;
}

function bakeDataOf(changes: object = {}): Data {
  const found = Object.entries(synthesizeFleet(changes).findResources('AWS::EC2::LaunchTemplate'));
  const [, resource] = found.find(([id]) => id.includes('Bake')) ?? [];
  return (resource as { Properties: { LaunchTemplateData: Data } }).Properties.LaunchTemplateData;
}

const recipeOf = (changes: object = {}) =>
  bakeDataOf(changes).TagSpecifications[0]?.Tags.find(({ Key }) => Key === 'bridges:image')?.Value;

it('stays when it powers off, has no role, and is in a subnet of the bridges', () => {
  template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
    LaunchTemplateData: {
      InstanceInitiatedShutdownBehavior: 'stop',
      IamInstanceProfile: Match.absent(),
      MetadataOptions: { HttpTokens: 'required' },
      NetworkInterfaces: [
        { AssociatePublicIpAddress: true, SubnetId: smallestFleet.bridgeSubnetIds[0] },
      ],
      BlockDeviceMappings: [{ Ebs: { Encrypted: true, DeleteOnTermination: true } }],
    },
  });
});

it('opens no port', () => {
  template.hasResourceProperties('AWS::EC2::SecurityGroup', {
    GroupDescription: 'Jitsi bridges main: a machine that an image is made of',
    SecurityGroupIngress: Match.absent(),
  });
});

it('is no bridge: it lacks the tag of the fleet', () => {
  for (const { Tags } of bakeDataOf().TagSpecifications) {
    expect(Tags.map(({ Key }) => Key)).not.toContain('bridges:fleet');
    expect(Tags).toContainEqual({ Key: 'bridges:bake', Value: 'main' });
  }
});

it('bakes by user data that fits', () => {
  const userData = textOf(bakeDataOf().UserData);
  expect(userData.split('\n').slice(0, 2)).toEqual(['#!/bin/bash', 'export BRIDGES_BAKE=1']);
  expect(Buffer.byteLength(userData)).toBeLessThanOrEqual(userDataLimitBytes);
});

it.each([
  ['another version', { packages: { ...smallestFleet.packages, version: '1130-1' } }],
  ['another image', { bridge: { imageId: 'ami-0aaaaaaaaaaaaaaa0' } }],
  ['a larger volume', { bridge: { volumeGiB: 20 } }],
])('%s is another recipe', (_, changes) => {
  expect(recipeOf()).toMatch(/^component\/1126-1\/[0-9a-f]{8}$/);
  expect(recipeOf(changes)).not.toBe(recipeOf());
});

it('other bridges of it are the same recipe', () => {
  expect(recipeOf({ policy: { min: 3, max: 9 }, bridge: { mediaPorts: ['4443/tcp'] } })).toBe(
    recipeOf(),
  );
});

it("the scaler launches from the fleet's own images only", () => {
  const grants = statementsOf(template, 'FleetScalerRole').filter(({ resources }) =>
    resources.some((arn) => arn.endsWith(':image/*')),
  );
  expect(grants.map(({ actions }) => actions)).toEqual([['ec2:CreateFleet', 'ec2:RunInstances']]);
  for (const { conditions } of grants)
    expect(conditions?.['StringEquals']).toMatchObject({
      'aws:ResourceTag/bridges:fleet': 'main',
      'ec2:Owner': { Ref: 'AWS::AccountId' },
    });
});
