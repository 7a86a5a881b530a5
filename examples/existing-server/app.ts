/** A fleet for a Jitsi Meet server as it is today, in a stack that holds other things too. */
import { App, Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { BridgeFleet } from 'jitsi-bridge-autoscaler';

const stack = new Stack(new App(), 'Meetings');
const topic = new Topic(stack, 'Alarms', { enforceSSL: true });

const bridges = new BridgeFleet(stack, 'Bridges', {
  fleet: 'main',
  domain: 'meet.example.org',
  generation: 'muc',
  vpcId: 'vpc-0123456789abcdef0',
  // Public, one per availability zone.
  bridgeSubnetIds: ['subnet-0aaaaaaaaaaaaaaa1', 'subnet-0aaaaaaaaaaaaaaa2'],
  // Private, with a NAT gateway.
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
  alarmTopicArn: topic.topicArn,
});

// Who may scale and drain: `npx jitsi-bridges` with this role, or their own program.
bridges.grantCommand(new Role(stack, 'Operator', { assumedBy: new AccountRootPrincipal() }));

// The fleet's metrics are those of any construct.
new Alarm(stack, 'Crowded', {
  alarmDescription: 'Eight bridges are in use: is max still right?',
  metric: bridges.metricActiveBridges(),
  threshold: 8,
  evaluationPeriods: 5,
});
