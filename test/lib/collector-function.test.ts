import { Match } from 'aws-cdk-lib/assertions';

import { statementFor, statementsOf, synthesizeFleet } from './synthesize';

const statements = statementsOf(synthesizeFleet(), 'FleetCollectorRole');

it('reads its own password and the pinned certificate, nothing else', () => {
  const parameters = statements
    .flatMap(({ resources }) => resources)
    .filter((arn) => arn.includes(':parameter/'))
    .map((arn) => arn.replace(/^.*:parameter/, ''));
  expect(parameters).toEqual([
    '/jitsi-bridges/main/collector/password',
    '/jitsi-bridges/main/server/certificate',
  ]);
});

it('publishes metrics in one namespace', () => {
  expect(statementFor(statements, 'cloudwatch:PutMetricData', '*')?.conditions).toEqual({
    StringEquals: { 'cloudwatch:namespace': 'JitsiBridges' },
  });
});

it('starts the scaler by its success, and may invoke no other function and no version of it', () => {
  const target = expect.stringMatching(/^<FleetScalerFunction\w+\.Arn>$/) as unknown;
  const invoke = statements.filter(({ actions }) => actions.includes('lambda:InvokeFunction'));
  expect(invoke).toEqual([{ actions: ['lambda:InvokeFunction'], resources: [target] }]);
  synthesizeFleet().hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    FunctionName: { Ref: Match.stringLikeRegexp('^FleetCollectorFunction') },
    DestinationConfig: {
      OnSuccess: {
        Destination: { 'Fn::GetAtt': [Match.stringLikeRegexp('^FleetScalerFunction'), 'Arn'] },
      },
    },
  });
});

it('may touch EC2 for its own network interface only', () => {
  const ec2 = statements
    .flatMap(({ actions }) => actions)
    .filter((action) => action.startsWith('ec2:'));
  expect(
    ec2.filter((action) => !/(NetworkInterface|PrivateIpAddress|Subnet)/.test(action)),
  ).toEqual([]);
});

it('is told the brewery of its generation', () => {
  synthesizeFleet({ generation: 'muc' }).hasResourceProperties('AWS::Lambda::Function', {
    Environment: {
      Variables: Match.objectLike({
        GENERATION: 'muc',
        BREWERY: 'JvbBrewery@internal.auth.meet.example.org',
        XMPP_PORT: '5222',
      }),
    },
  });
});
