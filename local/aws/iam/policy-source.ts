import {
  GetInstanceProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam';
import type { NamedPolicy } from './evaluate';

/** Where identity policies come from. */
export interface PolicySource {
  /** Inline and attached policies of a role; none for a role that is not there. */
  policiesOf(roleName: string): Promise<readonly NamedPolicy[]>;
  /** Who may assume a role; undefined for a role that is not there. */
  trustPolicyOf(roleName: string): Promise<unknown>;
  /** ARN of the role of an instance profile; undefined for a profile that is not there. */
  roleOfProfile(profileName: string): Promise<string | undefined>;
}

/**
 * So long may what is read be old, in milliseconds: changes of IAM take some seconds on AWS too.
 */
const keptMilliseconds = 2000;

/** The policies as CloudFormation deployed them: in the emulator's IAM. */
export class DeployedPolicies implements PolicySource {
  private readonly policies = new Map<string, Reading<readonly NamedPolicy[]>>();
  private readonly trust = new Map<string, Reading<unknown>>();
  private readonly profiles = new Map<string, Reading<string | undefined>>();

  /** @param iam a client of the emulator, not of the gateway */
  constructor(private readonly iam: IAMClient) {}

  policiesOf(roleName: string): Promise<readonly NamedPolicy[]> {
    return remembered(this.policies, roleName, () =>
      unlessGone(() => this.readPolicies(roleName), []),
    );
  }

  trustPolicyOf(roleName: string): Promise<unknown> {
    return remembered(this.trust, roleName, () =>
      unlessGone(async () => {
        const { Role } = await this.iam.send(new GetRoleCommand({ RoleName: roleName }));
        return parseDocument(Role?.AssumeRolePolicyDocument);
      }, undefined),
    );
  }

  roleOfProfile(profileName: string): Promise<string | undefined> {
    return remembered(this.profiles, profileName, () =>
      unlessGone(async () => {
        const query = new GetInstanceProfileCommand({ InstanceProfileName: profileName });
        return (await this.iam.send(query)).InstanceProfile?.Roles?.[0]?.Arn;
      }, undefined),
    );
  }

  private async readPolicies(RoleName: string): Promise<readonly NamedPolicy[]> {
    const found: NamedPolicy[] = [];
    for await (const page of paginateListRolePolicies({ client: this.iam }, { RoleName })) {
      for (const PolicyName of page.PolicyNames ?? []) {
        const query = new GetRolePolicyCommand({ RoleName, PolicyName });
        const { PolicyDocument } = await this.iam.send(query);
        found.push({ name: PolicyName, document: parseDocument(PolicyDocument) });
      }
    }
    for await (const page of paginateListAttachedRolePolicies({ client: this.iam }, { RoleName })) {
      for (const { PolicyArn = '' } of page.AttachedPolicies ?? []) {
        const { Policy } = await this.iam.send(new GetPolicyCommand({ PolicyArn }));
        const VersionId = Policy?.DefaultVersionId ?? 'v1';
        const query = new GetPolicyVersionCommand({ PolicyArn, VersionId });
        const { PolicyVersion } = await this.iam.send(query);
        found.push({ name: PolicyArn, document: parseDocument(PolicyVersion?.Document) });
      }
    }
    return found;
  }
}

interface Reading<T> {
  readonly value: Promise<T>;
  readonly since: number;
}

/** Remembers what is being read, for a while; a failure is read again. */
function remembered<T>(
  known: Map<string, Reading<T>>,
  key: string,
  read: () => Promise<T>,
): Promise<T> {
  const before = known.get(key);
  if (before !== undefined && Date.now() - before.since < keptMilliseconds) return before.value;
  const value = read();
  known.set(key, { value, since: Date.now() });
  value.catch(() => known.delete(key));
  return value;
}

async function unlessGone<T>(read: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('NoSuchEntity')) return otherwise;
    throw error;
  }
}

/** IAM hands documents out URL-encoded. */
function parseDocument(text: string | undefined): unknown {
  if (text === undefined) return { Version: '2012-10-17', Statement: [] };
  return JSON.parse(text.trimStart().startsWith('{') ? text : decodeURIComponent(text)) as unknown;
}
