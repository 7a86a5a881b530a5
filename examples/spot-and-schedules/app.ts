/** Mostly spot instances, and more bridges in office hours. */
import { App } from 'aws-cdk-lib';
import { FleetStack } from 'jitsi-bridge-autoscaler';

new FleetStack(new App(), {
  fleet: 'main',
  region: 'eu-central-1',
  domain: 'meet.example.org',
  generation: 'muc',
  vpcId: 'vpc-0123456789abcdef0',
  // Each zone is a market of its own: more of them are interrupted less often all at once.
  bridgeSubnetIds: [
    'subnet-0aaaaaaaaaaaaaaa1',
    'subnet-0aaaaaaaaaaaaaaa2',
    'subnet-0aaaaaaaaaaaaaaa3',
  ],
  functionSubnetIds: ['subnet-0bbbbbbbbbbbbbbb1'],
  egress: 'nat',
  server: {
    instanceId: 'i-0123456789abcdef0',
    privateAddress: '10.0.0.10',
    roleName: 'jitsi-meet-server',
    securityGroupId: 'sg-0123456789abcdef0',
  },
  packages: { keyFingerprint: 'FFD65A0DA2BEBDEB73D44C8BB4D2D216F1FD7806' },
  bridge: {
    // So is each type. The weight is the capacity relative to the first.
    instanceTypes: [
      { type: 'c6i.xlarge' },
      { type: 'c5.xlarge' },
      { type: 'm6i.xlarge' },
      { type: 'm5.xlarge' },
      { type: 'c6i.2xlarge', weight: 1.9 },
    ],
    // Two bridges stay when spot is gone; of those beyond, nine in ten are spot.
    spot: { onDemandBase: 2, spotPercent: 90 },
  },
  policy: {
    min: 2,
    max: 30,
    // What spot may lose at once.
    headroomBridges: 1,
    schedules: [
      {
        name: 'office',
        days: ['mon', 'tue', 'wed', 'thu', 'fri'],
        from: '07:30',
        to: '18:00',
        zone: 'Europe/Berlin',
        hold: 6,
      },
      {
        name: 'weekend',
        from: 'fri 20:00',
        to: 'mon 06:00',
        zone: 'Europe/Berlin',
        min: 1,
        max: 6,
      },
    ],
  },
});
