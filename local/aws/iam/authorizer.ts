import type { Clock } from '../clock';
import type { Access, Principal } from './access';
import { AccessLog } from './access-log';
import { evaluate, type NamedPolicy, type Verdict } from './evaluate';
import type { PolicySource } from './policy-source';

export interface AuthorizerOptions {
  readonly policies: PolicySource;
  readonly accountId: string;
  readonly region: string;
  readonly clock: Clock;
}

/** An access that was not allowed. */
export interface Denial {
  readonly principal: Principal;
  readonly access: Access;
  readonly reason: string;
}

/** What an account's administrator may do: the operator of the emulated account is one. */
const administrator: NamedPolicy = {
  name: 'AdministratorAccess',
  document: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  },
};

/** Evaluates accesses against the deployed policies of whoever asks, and keeps what came of it. */
export class Authorizer {
  readonly log = new AccessLog();
  private readonly verdicts = new Map<string, Promise<Verdict>>();

  constructor(private readonly options: AuthorizerOptions) {}

  /**
   * The first access that is not allowed; undefined when all are. Those after it are not evaluated, as AWS
   * does not tell of them either.
   * @param resourcePolicy of the resource, where it has one, such as a role's trust policy
   */
  async denial(
    principal: Principal,
    accesses: readonly Access[],
    resourcePolicy?: unknown,
  ): Promise<Denial | undefined> {
    for (const access of accesses) {
      const verdict = await this.verdict(principal, access, resourcePolicy);
      this.log.add(principal, access, verdict);
      if (!verdict.allowed) return { principal, access, reason: verdict.reason };
    }
    return undefined;
  }

  private async verdict(
    principal: Principal,
    access: Access,
    resourcePolicy: unknown,
  ): Promise<Verdict> {
    const policies = await this.policiesOf(principal);
    const owner = access.resource.split(':')[4] ?? '';
    const context = {
      ...this.commonContext(principal),
      'aws:ResourceAccount': /^\d{12}$/.test(owner) ? owner : this.options.accountId,
      ...principal.context,
    };
    const question = { policies, resourcePolicy, access, context };
    const key = JSON.stringify([principal.arn, question]);
    const { accountId } = this.options;
    const answer =
      this.verdicts.get(key) ?? evaluate({ ...question, principalArn: principal.arn, accountId });
    if (this.verdicts.size > 5000) this.verdicts.clear();
    this.verdicts.set(key, answer);
    answer.catch(() => this.verdicts.delete(key));
    return answer;
  }

  private async policiesOf({ arn, roleName }: Principal): Promise<readonly NamedPolicy[]> {
    if (roleName !== undefined) return this.options.policies.policiesOf(roleName);
    return arn.includes(':user/') ? [administrator] : [];
  }

  /**
   * Keys that every request has; those with a time are left out, since no policy here looks at
   * them.
   */
  private commonContext({ arn, roleName }: Principal): Record<string, string> {
    const { accountId, region } = this.options;
    const principalArn =
      roleName === undefined ? arn : `arn:aws:iam::${accountId}:role/${roleName}`;
    return {
      'aws:PrincipalArn': principalArn,
      'aws:PrincipalAccount': accountId,
      'aws:PrincipalType': roleName === undefined ? 'User' : 'AssumedRole',
      'aws:RequestedRegion': region,
      'aws:SecureTransport': 'true',
    };
  }
}
