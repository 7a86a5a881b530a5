/** Where the fleet's instances live, for their ARNs. */
export interface Account {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/**
 * A function lives in the account and region of its fleet; the context of an invocation names
 * both.
 */
export function accountOf(invokedFunctionArn: string): Account {
  const [, partition = '', , region = '', accountId = ''] = invokedFunctionArn.split(':');
  if (accountId === '') throw new Error(`Not the ARN of a function: ${invokedFunctionArn}`);
  return { partition, region, accountId };
}

export function instanceArn(account: Account, instanceId: string): string {
  const { partition, region, accountId } = account;
  return `arn:${partition}:ec2:${region}:${accountId}:instance/${instanceId}`;
}
