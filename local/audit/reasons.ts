import type { UnusedGrant } from './report';

interface Reason {
  readonly role: RegExp;
  readonly action: RegExp;
  readonly resource?: RegExp;
  readonly why: string;
}

/** Grants that are right although no story of the local cloud can exercise them, each with why. */
const reasons: readonly Reason[] = [];

/** Why a grant may stay unused; undefined when nobody has noted it. */
export function reasonFor({ role, action, resource }: UnusedGrant): string | undefined {
  return reasons.find(
    (reason) =>
      reason.role.test(role) &&
      reason.action.test(action) &&
      (reason.resource?.test(resource) ?? true),
  )?.why;
}
