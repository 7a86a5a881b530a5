import { Match } from 'aws-cdk-lib/assertions';

import { statementsOf, synthesizeFleet } from './synthesize';

const template = synthesizeFleet();

test.each([
  ['components from the bridges', 'component', 5347, 'BridgeSecurityGroup'],
  ['clients from the bridges', 'muc', 5222, 'BridgeSecurityGroup'],
  ['clients from the collector', 'component', 5222, 'CollectorSecurityGroup'],
  ['clients from the collector', 'muc', 5222, 'CollectorSecurityGroup'],
])('lets in %s with generation %s', (_, generation, port, source) => {
  const of = synthesizeFleet({ generation });
  of.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    GroupId: 'sg-0123456789abcdef0',
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp(source), 'GroupId'] },
  });
  of.resourceCountIs('AWS::EC2::SecurityGroupIngress', 2);
});

it('lets the server read the credentials of this fleet by path, and nothing else', () => {
  const parameter = 'arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter';
  expect(statementsOf(template, 'jitsi-meet-server')).toEqual([
    {
      actions: ['ssm:GetParametersByPath'],
      resources: [
        `${parameter}/jitsi-bridges/main/bridges`,
        `${parameter}/jitsi-bridges/main/bridges/*`,
        `${parameter}/jitsi-bridges/main/collector`,
        `${parameter}/jitsi-bridges/main/collector/*`,
      ],
    },
  ]);
});
