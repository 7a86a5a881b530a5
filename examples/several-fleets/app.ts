/** A fleet in each region, out of one app: what they share is written once. */
import { App, Stack } from 'aws-cdk-lib';
import { BridgeFleet, type BridgeFleetProps } from 'jitsi-bridge-autoscaler';

type Regional = Pick<
  BridgeFleetProps,
  'domain' | 'vpcId' | 'bridgeSubnetIds' | 'functionSubnetIds' | 'server' | 'policy'
>;

const regions: Readonly<Record<string, Regional>> = {
  'eu-central-1': {
    domain: 'eu.meet.example.org',
    vpcId: 'vpc-0eeeeeeeeeeeeeee0',
    bridgeSubnetIds: ['subnet-0eeeeeeeeeeeeeee1', 'subnet-0eeeeeeeeeeeeeee2'],
    functionSubnetIds: ['subnet-0eeeeeeeeeeeeeee3'],
    server: {
      instanceId: 'i-0eeeeeeeeeeeeeee0',
      privateAddress: '10.1.0.10',
      roleName: 'jitsi-meet-eu',
      securityGroupId: 'sg-0eeeeeeeeeeeeeee0',
    },
    policy: { min: 2, max: 20 },
  },
  'us-east-1': {
    domain: 'us.meet.example.org',
    vpcId: 'vpc-0aaaaaaaaaaaaaaa0',
    bridgeSubnetIds: ['subnet-0aaaaaaaaaaaaaaa1', 'subnet-0aaaaaaaaaaaaaaa2'],
    functionSubnetIds: ['subnet-0aaaaaaaaaaaaaaa3'],
    server: {
      instanceId: 'i-0aaaaaaaaaaaaaaa0',
      privateAddress: '10.2.0.10',
      roleName: 'jitsi-meet-us',
      securityGroupId: 'sg-0aaaaaaaaaaaaaaa0',
    },
    policy: { min: 1, max: 8 },
  },
};

const app = new App();
for (const [region, regional] of Object.entries(regions)) {
  const stack = new Stack(app, `Bridges-${region}`, { env: { region } });
  new BridgeFleet(stack, 'Bridges', {
    fleet: region,
    generation: 'muc',
    egress: 'nat',
    packages: { keyFingerprint: 'FFD65A0DA2BEBDEB73D44C8BB4D2D216F1FD7806' },
    ...regional,
  });
}
