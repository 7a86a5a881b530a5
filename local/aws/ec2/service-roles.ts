import { AwsError } from '../errors';
import type { Principal } from '../iam/access';
import type { Authorizer } from '../iam/authorizer';
import { denialMessage } from '../iam/denied';

const roleNames = {
  'ec2fleet.amazonaws.com': 'AWSServiceRoleForEC2Fleet',
  'spot.amazonaws.com': 'AWSServiceRoleForEC2Spot',
} as const;

/**
 * Service-linked roles of the account: the first call that needs one makes it, with the caller's
 * rights.
 */
export class ServiceRoles {
  private readonly made = new Set<string>();

  constructor(
    private readonly authorizer: Authorizer,
    private readonly accountId: string,
  ) {}

  /**
   * Rejects with `AuthFailure.ServiceLinkedRoleCreationNotPermitted` when the caller may not make
   * a role that is missing.
   */
  async need(principal: Principal, service: keyof typeof roleNames): Promise<void> {
    if (this.made.has(service)) return;
    const path = `aws-service-role/${service}/${roleNames[service]}`;
    const denial = await this.authorizer.denial(principal, [
      {
        action: 'iam:CreateServiceLinkedRole',
        resource: `arn:aws:iam::${this.accountId}:role/${path}`,
        context: { 'iam:AWSServiceName': service },
      },
    ]);
    if (denial !== undefined) {
      const what =
        'The provided credentials do not have permission to create the service-linked role';
      const code = 'AuthFailure.ServiceLinkedRoleCreationNotPermitted';
      throw new AwsError(code, `${what} ${roleNames[service]}. ${denialMessage(denial)}`, 403);
    }
    this.made.add(service);
  }
}
