import { DescribeInstancesCommand, type EC2Client } from '@aws-sdk/client-ec2';

/**
 * - `terminated`: EC2 says so.
 * - `unknown`: EC2 does not list it: gone for an hour or more, or too young to be seen everywhere.
 * - `exists`: in any other state, whatever its tags are.
 */
export type Existence = 'terminated' | 'unknown' | 'exists';

/** `DescribeInstances` takes at most 200 values per filter. */
const filterBatch = 200;

/**
 * Looks instances up by id, not by tag, before anything of theirs is given up: a tag can be removed
 * by hand. A filter, since asking for ids outright is an error when one of them is unknown.
 */
export async function existenceOf(
  client: EC2Client,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, Existence>> {
  const existence = new Map<string, Existence>(instanceIds.map((id) => [id, 'unknown']));
  for (let start = 0; start < instanceIds.length; start += filterBatch) {
    let NextToken: string | undefined;
    do {
      const page = await client.send(
        new DescribeInstancesCommand({
          Filters: [{ Name: 'instance-id', Values: instanceIds.slice(start, start + filterBatch) }],
          NextToken,
        }),
      );
      for (const { InstanceId, State } of (page.Reservations ?? []).flatMap(
        ({ Instances }) => Instances ?? [],
      ))
        if (InstanceId !== undefined && existence.has(InstanceId))
          existence.set(InstanceId, State?.Name === 'terminated' ? 'terminated' : 'exists');
      NextToken = page.NextToken;
    } while (NextToken !== undefined && NextToken !== '');
  }
  return existence;
}
