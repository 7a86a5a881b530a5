import { Match } from 'aws-cdk-lib/assertions';

import { findingsOf, synthesizeFleet } from './synthesize';

it('opens the media ports of the bridges to the world, and no other', () => {
  const template = synthesizeFleet({
    bridge: { mediaPorts: ['10000/udp', '10001-20000/udp', '4443/tcp'] },
  });
  const rule = (IpProtocol: string, FromPort: number, ToPort: number) => ({
    CidrIp: '0.0.0.0/0',
    Description: 'Media',
    IpProtocol,
    FromPort,
    ToPort,
  });
  template.hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupIngress: [
      rule('udp', 10000, 10000),
      rule('udp', 10001, 20000),
      rule('tcp', 4443, 4443),
    ],
  });
});

test.each(['nat', 'existingEndpoints'])('makes no endpoint with egress %s', (egress) => {
  synthesizeFleet({ egress }).resourceCountIs('AWS::EC2::VPCEndpoint', 0);
});

it('makes the two endpoints that the collector needs, for every host of the VPC', () => {
  const changes = { egress: 'createEndpoints', vpcCidr: '10.0.0.0/16' };
  const template = synthesizeFleet(changes);
  template.resourceCountIs('AWS::EC2::VPCEndpoint', 2);
  for (const service of ['ssm', 'monitoring'])
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      PrivateDnsEnabled: true,
      SubnetIds: ['subnet-0bbbbbbbbbbbbbbb1'],
      ServiceName: { 'Fn::Join': ['', Match.arrayWith([`.${service}`])] },
    });
  template.hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupIngress: [
      Match.objectLike({ CidrIp: '10.0.0.0/16', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }),
    ],
  });
  expect(findingsOf(changes)).toEqual([]);
});

test.each([
  [undefined, ['subnet-0bbbbbbbbbbbbbbb1']],
  [2, ['subnet-0bbbbbbbbbbbbbbb1', 'subnet-0bbbbbbbbbbbbbbb2']],
])('with endpointZones %s it pays for endpoints in the subnets %j', (endpointZones, SubnetIds) => {
  const functionSubnetIds = [1, 2, 3].map((zone) => `subnet-0bbbbbbbbbbbbbbb${zone}`);
  const template = synthesizeFleet({
    egress: 'createEndpoints',
    vpcCidr: '10.0.0.0/16',
    functionSubnetIds,
    ...(endpointZones === undefined ? {} : { endpointZones }),
  });
  template.allResourcesProperties('AWS::EC2::VPCEndpoint', { SubnetIds });
  template.hasResourceProperties('AWS::Lambda::Function', {
    VpcConfig: { SubnetIds: functionSubnetIds },
  });
});

it('lets the hosts of all ranges of the VPC use the endpoints, since private DNS sends all there', () => {
  const template = synthesizeFleet({
    egress: 'createEndpoints',
    vpcCidr: '10.0.0.0/16',
    secondaryCidrs: ['100.64.0.0/16', '10.9.0.0/24'],
  });
  const https = (CidrIp: string) => Match.objectLike({ CidrIp, FromPort: 443, ToPort: 443 });
  template.hasResourceProperties('AWS::EC2::SecurityGroup', {
    SecurityGroupIngress: [https('10.0.0.0/16'), https('100.64.0.0/16'), https('10.9.0.0/24')],
  });
});
