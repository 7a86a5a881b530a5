import { deniedOnServer, statementFor, statementsOf, synthesizeFleet } from './synthesize';

const template = synthesizeFleet();
const statements = statementsOf(template, 'FleetRegistrarRole');

it('sets the tag of registration, no other, on bridges of the fleet only', () => {
  expect(statementFor(statements, 'ec2:CreateTags', 'instance/*')?.conditions).toEqual({
    StringEquals: {
      'aws:ResourceTag/bridges:fleet': 'main',
      'aws:ResourceTag/aws:ec2launchtemplate:id': expect.objectContaining({
        Ref: expect.stringMatching(/^FleetBridgeTemplate/) as unknown,
      }) as unknown,
    },
    'ForAllValues:StringEquals': { 'aws:TagKeys': ['bridges:registered'] },
  });
});

it('never tags the Jitsi Meet server, but syncs it', () => {
  expect(deniedOnServer(template, 'FleetRegistrarRole')).toContain('ec2:CreateTags');
  expect(deniedOnServer(template, 'FleetRegistrarRole')).not.toContain('ssm:SendCommand');
});

it('runs one document on one instance', () => {
  expect(statementFor(statements, 'ssm:SendCommand', '')?.resources).toEqual([
    expect.stringMatching(/:document\/<FleetDocumentsSync\w+>$/),
    expect.stringMatching(/:instance\/i-0123456789abcdef0$/),
  ]);
});

it('never reads a secret by name, and stays on the path of the fleet', () => {
  expect(
    statements
      .filter(({ actions }) => actions.includes('ssm:GetParameter'))
      .flatMap(({ resources }) => resources),
  ).toEqual([expect.stringMatching(/:parameter\/jitsi-bridges\/main\/server\/certificate$/)]);
  for (const arn of statements.flatMap(({ resources }) => resources))
    if (arn.includes(':parameter/')) expect(arn).toContain(':parameter/jitsi-bridges/main/');
});

it('uses a bare wildcard only where AWS offers no resource', () => {
  const wild = statements.filter(({ resources }) => resources.includes('*'));
  expect(wild.flatMap(({ actions }) => actions).sort()).toEqual([
    'ec2:DescribeInstances',
    'ssm:GetCommandInvocation',
  ]);
});
