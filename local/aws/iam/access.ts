/** Values of condition keys, as a policy's conditions see them. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** One thing that a call needs a permission for: an action on one resource. */
export interface Access {
  /** `ec2:TerminateInstances`. */
  readonly action: string;
  /** ARN, or `*` for an action that knows no resources. */
  readonly resource: string;
  readonly context?: Context;
}

/** Who makes a call, as policies see it. */
export interface Principal {
  /**
   * ARN of the role session or user; `anonymous` without credentials, `unknown` with foreign ones.
   */
  readonly arn: string;
  /** Name of the role, for a role session. */
  readonly roleName?: string;
  /** Keys of the session, such as `ec2:SourceInstanceARN`. */
  readonly context?: Context;
}

/** An action's condition keys for tags: `aws:ResourceTag/<key>` and the like. */
export function tagContext(
  prefix: 'aws:ResourceTag' | 'aws:RequestTag' | 'ec2:ResourceTag' | 'ssm:resourceTag',
  tags: Iterable<readonly [string, string]>,
): Context {
  return Object.fromEntries([...tags].map(([key, value]) => [`${prefix}/${key}`, value]));
}

/** Keys for the tags that a request sets. Without tags there are none of these keys, as on AWS. */
export function requestTagContext(tags: Iterable<readonly [string, string]>): Context {
  const all = [...tags];
  if (all.length === 0) return {};
  return { ...tagContext('aws:RequestTag', all), 'aws:TagKeys': all.map(([key]) => key) };
}
