import { Match } from 'aws-cdk-lib/assertions';

import { statementsOf, synthesizeFleet } from './synthesize';

const template = synthesizeFleet();

test.each([
  ['Collector', 'rate(1 minute)'],
  ['Scaler', 'rate(1 minute)'],
  ['Registrar', 'rate(5 minutes)'],
])('%s runs at %s, late events are dropped', (name, rate) => {
  template.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: rate,
    State: 'ENABLED',
    Target: {
      Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^Fleet${name}Function`), 'Arn'] },
      Input: '{"trigger":"schedule"}',
      RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
    },
  });
});

it('lets Scheduler invoke the three functions, no version of them', () => {
  const resources = statementsOf(template, 'SchedulerRole').flatMap((one) => one.resources);
  expect(resources).toEqual([
    expect.stringMatching(/^<FleetCollectorFunction\w+\.Arn>$/),
    expect.stringMatching(/^<FleetScalerFunction\w+\.Arn>$/),
    expect.stringMatching(/^<FleetRegistrarFunction\w+\.Arn>$/),
  ]);
});

test.each([
  ['EC2 Instance State-change Notification', 'aws.ec2', 'Filter'],
  ['EC2 Spot Instance Interruption Warning', 'aws.ec2', 'Filter'],
  ['EC2 Instance Rebalance Recommendation', 'aws.ec2', 'Filter'],
  ['AWS Health Event', 'aws.health', 'Scaler'],
])('%s of %s goes to the %s', (detailType, source, name) => {
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { source: [source], 'detail-type': Match.arrayWith([detailType]) },
    Targets: [
      Match.objectLike({
        Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^Fleet${name}Function`), 'Arn'] },
        RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 },
      }),
    ],
  });
});
