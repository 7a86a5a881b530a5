import type { Access, Principal } from './access';
import type { Grant, Verdict } from './evaluate';

/** An access that was evaluated, once for all calls that are alike. */
export interface LoggedAccess extends Access {
  /** Name of the role, or the ARN of who has none. */
  readonly principal: string;
  readonly allowed: boolean;
  /** Why not; absent when allowed. */
  readonly reason?: string;
  /** What allowed it. */
  readonly grants: readonly Grant[];
  /** How often. */
  readonly count: number;
}

/** Everything that was evaluated since the start: what the audit is made of. */
export class AccessLog {
  private readonly seen = new Map<string, LoggedAccess>();

  add(principal: Principal, access: Access, verdict: Verdict): void {
    const name = principal.roleName ?? principal.arn;
    const key = JSON.stringify([name, access, principal.context, verdict]);
    const before = this.seen.get(key);
    this.seen.set(key, {
      ...access,
      context: { ...principal.context, ...access.context },
      principal: name,
      allowed: verdict.allowed,
      ...(verdict.allowed ? {} : { reason: verdict.reason }),
      grants: verdict.allowed ? verdict.grants : [],
      count: (before?.count ?? 0) + 1,
    });
  }

  entries(): readonly LoggedAccess[] {
    return [...this.seen.values()];
  }
}
