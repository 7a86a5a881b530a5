import type { Authorizer } from '../iam/authorizer';
import type { Principals } from '../principals';

/**
 * Whether the role of a schedule may invoke the function that is its target: the Scheduler invokes
 * with it.
 */
export function mayStart(authorizer: Authorizer, principals: Principals) {
  return async (roleArn: string, targetArn: string): Promise<boolean> => {
    const principal = principals.ofRole(roleArn, 'scheduler');
    const access = { action: 'lambda:InvokeFunction', resource: targetArn };
    return (await authorizer.denial(principal, [access])) === undefined;
  };
}
