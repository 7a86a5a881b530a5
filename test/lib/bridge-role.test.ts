import { statementsOf, synthesizeFleet } from './synthesize';

const template = synthesizeFleet();
const statements = statementsOf(template, 'BridgeRole');
const parameter = 'arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter';

it('reads the secret that carries its own ARN, and the certificate', () => {
  expect(statements.filter(({ actions }) => actions.includes('ssm:GetParameter'))).toEqual([
    {
      actions: ['ssm:GetParameter'],
      resources: [`${parameter}/jitsi-bridges/main/bridges/*`],
      conditions: {
        StringEquals: { 'aws:ResourceTag/bridges:instance': '${ec2:SourceInstanceARN}' },
      },
    },
    {
      actions: ['ssm:GetParameter'],
      resources: [`${parameter}/jitsi-bridges/main/server/certificate`],
    },
  ]);
});

it('publishes metrics in the namespace of the hosts only, which nothing decides by', () => {
  expect(statements.filter(({ actions }) => actions.includes('cloudwatch:PutMetricData'))).toEqual([
    {
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': 'JitsiBridges/Hosts' } },
    },
  ]);
});

it("may otherwise only do what the SSM agent's channels need", () => {
  const others = statements
    .flatMap(({ actions }) => actions)
    .filter((action) => !['ssm:GetParameter', 'cloudwatch:PutMetricData'].includes(action))
    .filter((action) => !/^(ssmmessages|ec2messages):\w+$/.test(action));
  expect(others).toEqual(['ssm:UpdateInstanceInformation']);
});

it('has no managed policy', () => {
  expect(JSON.stringify(template.toJSON())).not.toMatch(/ManagedPolicyArns/);
});
