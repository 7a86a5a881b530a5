import type { LoggedAccess } from '../../../local/aws/iam/access-log';
import type { DeployedGrant } from '../../../local/audit/grants';
import { renderAudit } from '../../../local/audit/render-audit';
import {
  auditReport,
  auditRows,
  withoutDeletedPolicies,
  type AuditedRun,
} from '../../../local/audit/report';

const role = 'Fleet-ScalerRole-ABC123';

const grant = (action: string, resource = '*', statement = 0): DeployedGrant => ({
  role,
  roleId: 'FleetScalerRole',
  policy: 'Default',
  statement,
  action,
  resource,
});

const access = (action: string, more: Partial<LoggedAccess> = {}): LoggedAccess => ({
  principal: role,
  action,
  resource: '*',
  allowed: true,
  grants: [{ policy: 'Default', statement: 0, action, resource: '*' }],
  count: 1,
  ...more,
});

const run = (accesses: LoggedAccess[], grants: DeployedGrant[]): AuditedRun => ({
  accesses,
  grants,
});

it('counts every evaluated access, and holds a grant used when any story used it', () => {
  const grants = [grant('ec2:DescribeInstances'), grant('cloudwatch:GetMetricData')];
  const report = auditReport([
    run([access('ec2:DescribeInstances', { count: 3 })], grants),
    run([access('cloudwatch:GetMetricData')], grants),
  ]);
  expect(report).toEqual({ calls: 4, denied: [], unused: [] });
});

it('names grants that no story used', () => {
  const grants = [grant('ec2:DescribeInstances'), grant('ec2:TerminateInstances', 'arn:x')];
  const report = auditReport([run([access('ec2:DescribeInstances')], grants)]);
  expect(report.unused).toEqual([
    { role: 'FleetScalerRole', action: 'ec2:TerminateInstances', resource: 'arn:x' },
  ]);
});

it('does not take the same words in another statement for a use', () => {
  const grants = [grant('ec2:CreateTags', '*', 0), grant('ec2:CreateTags', 'arn:y', 1)];
  const rows = auditRows([run([access('ec2:CreateTags')], grants)]);
  expect(rows.map(({ resource, used }) => [resource, used])).toEqual([
    ['*', 1],
    ['arn:y', 0],
  ]);
});

it('leaves out what was refused only since the stack’s deletion had taken the policy away', () => {
  const refused = { allowed: false, reason: 'no policy', grants: [] };
  const granted = access('ssm:GetCommandInvocation', refused);
  const missing = access('sqs:SendMessage', refused);
  const earlier = access('ec2:DescribeInstances', refused);
  const grants = [grant('ssm:GetCommandInvocation'), grant('ec2:DescribeInstances')];
  const kept = withoutDeletedPolicies([granted, missing, earlier], [earlier], grants);
  expect(kept).toEqual([missing, earlier]);
});

it('names what was denied, with the reason and how often', () => {
  const denied = access('ec2:RunInstances', {
    allowed: false,
    reason: 'because no identity-based policy allows it',
    grants: [],
    resource: 'arn:aws:ec2:us-east-1:123456789012:volume/vol-1',
    count: 2,
  });
  const report = auditReport([run([denied], [])]);
  expect(report.denied).toEqual([
    {
      principal: role,
      action: 'ec2:RunInstances',
      resource: 'arn:aws:ec2:us-east-1:123456789012:volume/vol-1',
      reason: 'because no identity-based policy allows it',
      count: 2,
    },
  ]);
  const table = renderAudit([run([denied], [grant('ec2:RunInstances')])]);
  expect(table).toContain('ec2 volume/vol-1');
  expect(table).toContain('DENIED 2 times');
  expect(table).toContain('UNUSED');
  expect(table).toContain('2 accesses evaluated, 1 denied, 1 grants unused without a reason');
});
