import type { BridgeFleetProps } from '../../../lib/fleet-props';

/** The smallest configuration that is complete. */
export const smallestFleet: BridgeFleetProps = {
  fleet: 'main',
  domain: 'meet.example.org',
  generation: 'component',
  vpcId: 'vpc-0123456789abcdef0',
  bridgeSubnetIds: ['subnet-0aaaaaaaaaaaaaaa1', 'subnet-0aaaaaaaaaaaaaaa2'],
  functionSubnetIds: ['subnet-0bbbbbbbbbbbbbbb1'],
  egress: 'nat',
  server: {
    instanceId: 'i-0123456789abcdef0',
    privateAddress: '10.0.0.10',
    roleName: 'jitsi-meet-server',
    securityGroupId: 'sg-0123456789abcdef0',
  },
  packages: { keyFingerprint: 'FFD65A0DA2BEBDEB73D44C8BB4D2D216F1FD7806' },
  policy: { min: 1, max: 10 },
};
