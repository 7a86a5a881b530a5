import { deniedOnServer, statementFor, statementsOf, synthesizeFleet, textOf } from './synthesize';

interface Resource {
  readonly Type: string;
  readonly DependsOn?: readonly string[];
  readonly Properties: Record<string, unknown>;
}

const template = synthesizeFleet();
const { Resources: resources } = template.toJSON() as { Resources: Record<string, Resource> };
const statements = statementsOf(template, 'FleetTeardown');

function only(type: string): readonly [string, Resource] {
  const [found, ...others] = Object.entries(resources).filter(([, { Type }]) => Type === type);
  if (found === undefined || others.length > 0) throw new Error(`not exactly one ${type}`);
  return found;
}

/** All that a resource is deleted before: by `DependsOn` and by references, also indirect ones. */
function neededBy(id: string, seen = new Set<string>()): ReadonlySet<string> {
  const resource = resources[id];
  if (resource === undefined || seen.has(id)) return seen;
  seen.add(id);
  const text = JSON.stringify(resource.Properties);
  const references = Object.keys(resources).filter((other) => text.includes(`"${other}"`));
  for (const other of [...(resource.DependsOn ?? []), ...references]) neededBy(other, seen);
  return seen;
}

const [empty, emptyResource] = only('Custom::EmptyFleet');
const [sweep, sweepResource] = only('Custom::SweepFleet');

it('empties the fleet before anything else of the stack is deleted, so that a refusal leaves it whole', () => {
  const kept = neededBy(empty);
  const others = Object.entries(resources)
    .filter(([id, { Type }]) => Type !== 'AWS::CDK::Metadata' && !kept.has(id))
    .map(([id, { Type }]) => `${Type} ${id}`);
  expect(others).toEqual([]);
});

it('sweeps when nothing starts a tick any more', () => {
  const starters = Object.entries(resources).filter(
    ([, { Type, Properties }]) =>
      ['AWS::Scheduler::Schedule', 'AWS::Events::Rule'].includes(Type) ||
      JSON.stringify(Properties).includes('OnSuccess'),
  );
  expect(starters).toHaveLength(7);
  for (const [id] of starters) expect(neededBy(id)).toContain(sweep);
});

it('sweeps while all that it needs is there', () => {
  const types = [...neededBy(sweep)].map((id) => resources[id]?.Type);
  for (const [type, count] of [
    ['AWS::SSM::Document', 3],
    ['AWS::EC2::LaunchTemplate', 1],
    ['AWS::EC2::SecurityGroupIngress', 2],
  ] as const)
    expect(types.filter((other) => other === type)).toHaveLength(count);
});

it('waits longer for an answer than the function may run', () => {
  const teardown = Object.entries(resources).find(
    ([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.startsWith('FleetTeardown'),
  );
  const timeout = Number(teardown?.[1].Properties['Timeout']);
  expect(timeout).toBeLessThanOrEqual(14 * 60);
  for (const { Properties } of [emptyResource, sweepResource])
    expect(Number(Properties['ServiceTimeout'])).toBeGreaterThan(timeout);
});

test.each([
  [{}, 'false'],
  [{ teardown: { force: true } }, 'true'],
])('with the config %j, force is %s', (changes, force) => {
  const found = synthesizeFleet(changes);
  for (const [type, step] of [
    ['Custom::EmptyFleet', 'empty'],
    ['Custom::SweepFleet', 'sweep'],
  ] as const)
    found.hasResourceProperties(type, { step, force });
});

it('terminates and commands bridges of the fleet only', () => {
  expect(statementFor(statements, 'ec2:TerminateInstances', 'instance/*')?.conditions).toEqual({
    StringEquals: {
      'aws:ResourceTag/bridges:fleet': 'main',
      'aws:ResourceTag/aws:ec2launchtemplate:id': expect.objectContaining({
        Ref: expect.stringMatching(/^FleetBridgeTemplate/) as unknown,
      }) as unknown,
    },
  });
  expect(statementFor(statements, 'ssm:SendCommand', 'instance/*')?.conditions).toEqual({
    StringEquals: { 'ssm:resourceTag/bridges:fleet': 'main' },
  });
});

it('may do nothing to the Jitsi Meet server', () => {
  expect(deniedOnServer(template, 'FleetTeardown')).toEqual(
    expect.arrayContaining(['ec2:TerminateInstances', 'ssm:SendCommand']),
  );
});

it('stays on the path of the fleet, and reads no secret by name', () => {
  for (const { actions, resources: arns } of statements)
    for (const arn of arns)
      if (arn.includes(':parameter/'))
        expect(arn).toMatch(
          actions.includes('ssm:GetParameter')
            ? /:parameter\/jitsi-bridges\/main\/override$/
            : /:parameter\/jitsi-bridges\/main(\/\*)?$/,
        );
});

it('uses a bare wildcard only where AWS offers no resource', () => {
  const wild = statements.filter(({ resources: arns }) => arns.includes('*'));
  expect(wild.flatMap(({ actions }) => actions).sort()).toEqual([
    'ec2:DescribeInstances',
    'ssm:GetCommandInvocation',
  ]);
  expect(textOf(sweepResource.Properties['ServiceToken'])).toContain('FleetTeardown');
});
