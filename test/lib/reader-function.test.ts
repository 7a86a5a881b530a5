import { statementsOf, synthesizeFleet } from './synthesize';

const template = synthesizeFleet();
const statements = statementsOf(template, 'FleetReaderRole');

test('its role can only read', () => {
  const actions = statements.flatMap((statement) => statement.actions);
  const own = ['logs:CreateLogStream', 'logs:PutLogEvents', 'sqs:'];
  const others = actions.filter((action) => !own.some((allowed) => action.startsWith(allowed)));
  expect([...new Set(others)].sort()).toEqual([
    'cloudwatch:GetMetricData',
    'ec2:DescribeInstances',
    'ssm:GetParameter',
  ]);
});

test('it reads no secret', () => {
  const read = statements.find(({ actions }) => actions.includes('ssm:GetParameter'));
  expect(read?.resources.map((arn) => arn.replace(/^.*parameter/, ''))).toEqual([
    '/jitsi-bridges/main/memory',
    '/jitsi-bridges/main/override',
    '/jitsi-bridges/main/image',
  ]);
});

test('it never waits for a tick: nothing is reserved', () => {
  const [reader] = Object.values(template.findResources('AWS::Lambda::Function')).filter(
    (resource) =>
      String(
        (resource as { Properties: { Description?: string } }).Properties.Description,
      ).includes('shows the fleet'),
  ) as { Properties: Record<string, unknown> }[];
  expect(reader).toBeDefined();
  expect(reader?.Properties['ReservedConcurrentExecutions']).toBeUndefined();
});
