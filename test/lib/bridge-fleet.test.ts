import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

import { BridgeFleet } from '../../lib/bridge-fleet';
import { smallestFleet } from './config/example-config';

function stackWithoutBundles(): Stack {
  return new Stack(
    new App({ context: { 'aws:cdk:bundling-stacks': [] }, builtinCloudFormationValidation: false }),
    'Mine',
  );
}

it('refuses props by the name of the field and of the construct', () => {
  expect(
    () => new BridgeFleet(stackWithoutBundles(), 'Fleet', { ...smallestFleet, vpcId: 'my-vpc' }),
  ).toThrow(
    'BridgeFleet Mine/Fleet is invalid:\n  vpcId: must be an id, for example vpc-0123456789abcdef0',
  );
});

it('takes ids that only CloudFormation will know', () => {
  const stack = stackWithoutBundles();
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 1, natGateways: 0 });
  new BridgeFleet(stack, 'Fleet', { ...smallestFleet, vpcId: vpc.vpcId });
  Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroup', {
    GroupDescription: 'Jitsi bridges main: media from anywhere',
    VpcId: { Ref: Match.stringLikeRegexp('^Vpc') },
  });
});

it('grants commands to another program', () => {
  const stack = stackWithoutBundles();
  const fleet = new BridgeFleet(stack, 'Fleet', smallestFleet);
  const role = new Role(stack, 'Operator', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  fleet.grantCommand(role);
  const invoke = Match.objectLike({ Action: 'lambda:InvokeFunction', Effect: 'Allow' });
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    Roles: [{ Ref: Match.stringLikeRegexp('^Operator') }],
    PolicyDocument: { Statement: [invoke, invoke] },
  });
});

it('grants reading without the right to change anything', () => {
  const stack = stackWithoutBundles();
  const fleet = new BridgeFleet(stack, 'Fleet', smallestFleet);
  const role = new Role(stack, 'Viewer', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  fleet.grantRead(role);
  const text = JSON.stringify(
    Template.fromStack(stack).findResources('AWS::IAM::Policy', {
      Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^Viewer') }] },
    }),
  );
  expect(text).toContain('FleetReader');
  expect(text).not.toContain('FleetScaler');
});

test.each([
  ['metricLoad', 'Load'],
  ['metricActiveBridges', 'BridgesActive'],
  ['metricParticipants', 'Participants'],
  ['metricDataAge', 'DataAgeSeconds'],
] as const)('%s is the metric %s of this fleet', (method, metricName) => {
  const fleet = new BridgeFleet(stackWithoutBundles(), 'Fleet', smallestFleet);
  expect(fleet[method]({ statistic: 'Average' })).toMatchObject({
    namespace: 'JitsiBridges',
    metricName,
    dimensions: { Fleet: 'main' },
    statistic: 'Average',
  });
});

test('the outputs of each fleet of a stack begin with its path', () => {
  const stack = stackWithoutBundles();
  new BridgeFleet(stack, 'Fleet', smallestFleet);
  new BridgeFleet(new Construct(stack, 'Second'), 'My-Fleet', { ...smallestFleet, fleet: 'other' });
  const outputs = Template.fromStack(stack).findOutputs('*', {});
  expect(outputs).toMatchObject({
    FleetName: { Value: 'main' },
    SecondMyFleetFleetName: { Value: 'other' },
    ScalerFunctionName: { Value: { Ref: expect.stringMatching(/^FleetScaler/) as unknown } },
    SecondMyFleetScalerFunctionName: {
      Value: { Ref: expect.stringMatching(/^SecondMyFleetScaler/) as unknown },
    },
  });
});
