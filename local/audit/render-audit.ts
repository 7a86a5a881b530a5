import { auditReport, auditRows, type AuditedRun } from './report';

/** The audit as text: what is granted, how often it was used, and what is wrong. */
export function renderAudit(runs: readonly AuditedRun[]): string {
  const { calls, denied, unused } = auditReport(runs);
  const rows = auditRows(runs).map(({ role, action, resource, used, reason }) => [
    role,
    action,
    shortened(resource),
    used > 0 ? String(used) : reason === undefined ? 'UNUSED' : `not exercised: ${reason}`,
  ]);
  const refusals = denied.map(({ principal, action, resource, reason, count }) => [
    principal,
    action,
    shortened(resource),
    `DENIED ${count} times ${reason}`,
  ]);
  const table = [['role', 'action', 'resource', 'used'], ...rows, ...refusals];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const summary = `${calls} accesses evaluated, ${denied.length} denied, ${unused.length} grants unused without a reason`;
  return `${[...lines, '', summary].join('\n')}\n`;
}

/** Without what all ARNs of the account begin with. */
function shortened(arn: string): string {
  return arn.replace(/^arn:aws:([a-z0-9]+):[^:]*:[^:]*:/, '$1 ');
}
