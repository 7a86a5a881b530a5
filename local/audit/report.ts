import type { LoggedAccess } from '../aws/iam/access-log';
import type { DeployedGrant } from './grants';
import { reasonFor } from './reasons';

/** What one story came to: its accesses and what was granted for it. */
export interface AuditedRun {
  readonly accesses: readonly LoggedAccess[];
  readonly grants: readonly DeployedGrant[];
}

export interface DeniedAccess {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly reason: string;
  readonly count: number;
}

export interface UnusedGrant {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
}

export interface AuditReport {
  /** Accesses that were evaluated. */
  readonly calls: number;
  readonly denied: readonly DeniedAccess[];
  /** Grants that no story exercised and that have no reason noted. */
  readonly unused: readonly UnusedGrant[];
}

/** One row of the table: what a role used, or why it did not. */
export interface AuditRow extends UnusedGrant {
  readonly used: number;
  readonly reason?: string;
}

/**
 * Accesses without those that were refused only because the deletion of the stack had already
 * taken the policy away: a function that runs at that moment goes on, on AWS too. What no deployed
 * grant covers stays.
 *
 * @param before accesses when the deletion began
 */
export function withoutDeletedPolicies(
  accesses: readonly LoggedAccess[],
  before: readonly LoggedAccess[],
  grants: readonly DeployedGrant[],
): readonly LoggedAccess[] {
  const deniedBefore = new Set(before.filter(({ allowed }) => !allowed).map(accessKey));
  return accesses.filter(
    (access) => access.allowed || deniedBefore.has(accessKey(access)) || !isGranted(access, grants),
  );
}

function accessKey({ principal, action, resource }: LoggedAccess): string {
  return `${principal} ${action} ${resource}`;
}

function isGranted(access: LoggedAccess, grants: readonly DeployedGrant[]): boolean {
  return grants.some(
    ({ role, action, resource }) =>
      role === access.principal &&
      action === access.action &&
      (resource === access.resource ||
        (resource.endsWith('*') && access.resource.startsWith(resource.slice(0, -1)))),
  );
}

/** All stories together: a grant counts as used when one of them used it. */
export function auditReport(runs: readonly AuditedRun[]): AuditReport {
  return {
    calls: runs.flatMap(({ accesses }) => accesses).reduce((sum, { count }) => sum + count, 0),
    denied: deniedAccesses(runs),
    unused: auditRows(runs)
      .filter(({ used, reason }) => used === 0 && reason === undefined)
      .map(({ role, action, resource }) => ({ role, action, resource })),
  };
}

export function auditRows(runs: readonly AuditedRun[]): readonly AuditRow[] {
  const rows = new Map<string, AuditRow>();
  for (const { accesses, grants } of runs) {
    const used = usesByGrant(accesses);
    for (const grant of grants) {
      const { roleId, action, resource } = grant;
      const row = { role: roleId, action, resource: withoutIds(resource) };
      const key = JSON.stringify(row);
      const before = rows.get(key)?.used ?? 0;
      const reason = reasonFor(row);
      rows.set(key, {
        ...row,
        used: before + (used.get(keyOf(grant.role, grant)) ?? 0),
        ...(reason === undefined ? {} : { reason }),
      });
    }
  }
  return [...rows.values()];
}

function deniedAccesses(runs: readonly AuditedRun[]): readonly DeniedAccess[] {
  return runs
    .flatMap(({ accesses }) => accesses)
    .filter(({ allowed }) => !allowed)
    .map(({ principal, action, resource, reason = '', count }) => ({
      principal,
      action,
      resource,
      reason,
      count,
    }));
}

function usesByGrant(accesses: readonly LoggedAccess[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const { principal, grants, count } of accesses) {
    for (const grant of grants) {
      const key = keyOf(principal, grant);
      uses.set(key, (uses.get(key) ?? 0) + count);
    }
  }
  return uses;
}

function keyOf(
  role: string,
  { policy, statement, action, resource }: Omit<DeployedGrant, 'role' | 'roleId'>,
): string {
  return JSON.stringify([role, policy, statement, action, resource]);
}

/** Resources of two deployments are the same grant when only generated ids differ. */
function withoutIds(resource: string): string {
  return resource
    .replace(/-[0-9a-f]{17}\b/g, '-…')
    .replace(/[0-9A-Za-z]{12}$/, (end) => (/[0-9]/.test(end) && /[A-Z]/.test(end) ? '…' : end));
}
