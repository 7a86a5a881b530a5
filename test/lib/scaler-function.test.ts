import { deniedOnServer, statementFor, statementsOf, synthesizeFleet } from './synthesize';

const template = synthesizeFleet();
const statements = statementsOf(template, 'FleetScalerRole');
const ours = {
  'aws:ResourceTag/bridges:fleet': 'main',
  'aws:ResourceTag/aws:ec2launchtemplate:id': expect.objectContaining({
    Ref: expect.stringMatching(/^FleetBridgeTemplate/) as unknown,
  }) as unknown,
};

test.each([
  ['ec2:TerminateInstances', 'instance/*', { StringEquals: ours }],
  ['ec2:GetConsoleOutput', 'instance/*', { StringEquals: ours }],
  [
    'ec2:DeleteTags',
    'instance/*',
    {
      StringEquals: ours,
      'ForAllValues:StringEquals': {
        'aws:TagKeys': ['bridges:drain', 'bridges:suspect', 'bridges:protect', 'bridges:weight'],
      },
      Null: { 'aws:TagKeys': 'false' },
    },
  ],
  ['ec2:RunInstances', 'instance/*', { StringEquals: { 'aws:RequestTag/bridges:fleet': 'main' } }],
  ['ssm:SendCommand', 'instance/*', { StringEquals: { 'ssm:resourceTag/bridges:fleet': 'main' } }],
  ['cloudwatch:PutMetricData', '*', { StringEquals: { 'cloudwatch:namespace': 'JitsiBridges' } }],
])('%s on %s only for the fleet', (action, resource, conditions) => {
  expect(statementFor(statements, action, resource)?.conditions).toEqual(conditions);
});

it('may do nothing to the Jitsi Meet server', () => {
  expect(deniedOnServer(template, 'FleetScalerRole')).toEqual([
    'ec2:TerminateInstances',
    'ec2:StopInstances',
    'ec2:RebootInstances',
    'ec2:CreateTags',
    'ec2:DeleteTags',
    'ssm:SendCommand',
  ]);
});

it('launches from its own template into its own subnets and security group only, whoever owns the subnets', () => {
  const launch = statementFor(statements, 'ec2:RunInstances', 'subnet/subnet-0aaaaaaaaaaaaaaa1');
  const kinds = launch?.resources.map((arn) => arn.replace(/^.*:/, ''));
  expect(kinds).toEqual([
    expect.stringMatching(/^launch-template\/<FleetBridgeTemplate\w+>$/),
    expect.stringMatching(/^image\/<SsmParameterValue\w+>$/),
    'snapshot/*',
    expect.stringMatching(/^security-group\/<FleetNetworkBridgeSecurityGroup\w+\.GroupId>$/),
    'subnet/subnet-0aaaaaaaaaaaaaaa1',
    'subnet/subnet-0aaaaaaaaaaaaaaa2',
  ]);
  expect(launch?.resources.at(-1)).toMatch(/:\*:subnet\//);
});

it('makes nothing without the tag of the fleet, and relies on no key that EC2 may leave out', () => {
  for (const kind of ['instance', 'network-interface', 'volume']) {
    expect(statementFor(statements, 'ec2:RunInstances', `${kind}/*`)?.conditions).toEqual({
      StringEquals: { 'aws:RequestTag/bridges:fleet': 'main' },
    });
  }
  expect(JSON.stringify(statements)).not.toContain('ec2:LaunchTemplate');
});

it("passes the bridges' role to EC2 only", () => {
  expect(statementFor(statements, 'iam:PassRole', '.Arn>')).toEqual({
    actions: ['iam:PassRole'],
    resources: [expect.stringMatching(/^<FleetBridgeRole\w+\.Arn>$/)],
    conditions: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
  });
});

it('reads no secret: of the parameters only memory, override and image', () => {
  const parameters = statements
    .filter(({ actions }) => !actions.includes('ssm:ListTagsForResource'))
    .flatMap(({ resources }) => resources)
    .filter((arn) => arn.includes(':parameter/'))
    .map((arn) => arn.replace(/^.*:parameter/, ''));
  expect(parameters).toEqual([
    '/jitsi-bridges/main/memory',
    '/jitsi-bridges/main/override',
    '/jitsi-bridges/main/image',
  ]);
});

it('may see that a bridge has a secret, by its tags', () => {
  const seeing = statements.filter(({ resources }) =>
    resources.some((arn) => arn.endsWith('/bridges/*/secret')),
  );
  expect(seeing.flatMap(({ actions }) => actions)).toEqual(['ssm:ListTagsForResource']);
});

it('uses a bare wildcard only where AWS offers no resource, or the namespace is a condition', () => {
  const wild = statements.filter(({ resources }) => resources.includes('*'));
  expect(wild.flatMap(({ actions }) => actions).sort()).toEqual([
    'cloudwatch:GetMetricData',
    'cloudwatch:PutMetricData',
    'ec2:DescribeInstances',
    'ssm:GetCommandInvocation',
  ]);
});
