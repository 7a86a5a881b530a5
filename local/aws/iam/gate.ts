import { AwsError } from '../errors';
import type { AwsRequest } from '../protocol/request';
import type { Principal } from './access';
import type { Authorizer } from './authorizer';
import { deniedError } from './denied';
import type { PolicySource } from './policy-source';
import { accessesOf } from './requirements/accesses-of';
import type { AuthorizationWorld } from './world';

export interface GateOptions {
  readonly authorizer: Authorizer;
  readonly policies: PolicySource;
  readonly world: AuthorizationWorld;
}

/** What every call passes before it is answered: is the caller known, and may it do this? */
export class Gate {
  constructor(private readonly options: GateOptions) {}

  /** The caller. Rejects with what AWS answers to a stranger, and to a caller without the right. */
  async admit(request: AwsRequest, principal: Principal | undefined): Promise<Principal> {
    if (principal === undefined) throw stranger(request);
    const { authorizer, policies, world } = this.options;
    const accesses = await accessesOf(request, world);
    const [first] = accesses;
    const trust =
      first?.action === 'sts:AssumeRole'
        ? await policies.trustPolicyOf(first.resource.slice(first.resource.lastIndexOf('/') + 1))
        : undefined;
    const denial = await authorizer.denial(principal, accesses, trust);
    if (denial !== undefined) throw deniedError(request.service, denial);
    return principal;
  }
}

/** EC2, the JSON services and the others each have a code for credentials that nobody has. */
function stranger({ service, protocol, accessKeyId }: AwsRequest): AwsError {
  if (accessKeyId === '') {
    return new AwsError('MissingAuthenticationToken', 'Missing Authentication Token', 403);
  }
  if (service === 'ec2') {
    const message = 'AWS was not able to validate the provided access credentials';
    return new AwsError('AuthFailure', message, 401);
  }
  const message = 'The security token included in the request is invalid.';
  return protocol === 'json'
    ? new AwsError('UnrecognizedClientException', message)
    : new AwsError('InvalidClientTokenId', message, 403);
}
