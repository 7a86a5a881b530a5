import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  paginateDescribeInstances,
  TerminateInstancesCommand,
  type EC2Client,
  type Instance,
} from '@aws-sdk/client-ec2';
import { tagKeys } from '../../core/protocol/tags';
import type { Market } from '../../core/model/snapshot';

/** EC2 as far as the fleet needs it. No policy: what to do is decided elsewhere. */

const listedStates = ['pending', 'running', 'shutting-down', 'stopping', 'stopped'] as const;

export interface BridgeInstance {
  readonly instanceId: string;
  readonly state: (typeof listedStates)[number];
  readonly privateIpAddress?: string;
  readonly instanceType: string;
  readonly zone: string;
  readonly subnetId?: string;
  readonly market: Market;
  /** Gives the instance its role; unknown of one that EC2 is taking away. */
  readonly instanceProfileArn?: string;
  /** Epoch seconds. */
  readonly launchedAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * All instances that carry the fleet's tag and that EC2 still lists, except terminated ones. Whose
 * each is, the caller judges (`core/protocol/origin.ts`). Reads every page.
 */
export async function describeBridges(
  client: EC2Client,
  fleet: string,
): Promise<readonly BridgeInstance[]> {
  const bridges: BridgeInstance[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new DescribeInstancesCommand({
        Filters: [
          { Name: `tag:${tagKeys.fleet}`, Values: [fleet] },
          { Name: 'instance-state-name', Values: [...listedStates] },
        ],
        MaxResults: 1000,
        NextToken,
      }),
    );
    for (const reservation of page.Reservations ?? [])
      for (const instance of reservation.Instances ?? []) {
        const bridge = bridgeOf(instance);
        if (bridge !== undefined && bridge.tags[tagKeys.fleet] === fleet) bridges.push(bridge);
      }
    NextToken = page.NextToken;
  } while (NextToken !== undefined && NextToken !== '');
  return bridges;
}

/** One instance as EC2 shows it now; undefined when it is terminated or EC2 does not know it. */
export async function describeBridge(
  client: EC2Client,
  instanceId: string,
): Promise<BridgeInstance | undefined> {
  const { Reservations = [] } = await client.send(
    // A filter, since asking for an id outright is an error when it is unknown.
    new DescribeInstancesCommand({ Filters: [{ Name: 'instance-id', Values: [instanceId] }] }),
  );
  const [instance] = Reservations.flatMap(({ Instances = [] }) => Instances);
  return instance === undefined ? undefined : bridgeOf(instance);
}

/**
 * Ids of all instances that carry the fleet's tag, terminated ones too while EC2 shows them. Reads
 * every page.
 */
export async function listFleetIds(client: EC2Client, fleet: string): Promise<readonly string[]> {
  const ids: string[] = [];
  const query = { Filters: [{ Name: `tag:${tagKeys.fleet}`, Values: [fleet] }], MaxResults: 1000 };
  for await (const page of paginateDescribeInstances({ client }, query)) {
    for (const { Instances = [] } of page.Reservations ?? [])
      ids.push(...Instances.flatMap(({ InstanceId }) => InstanceId ?? []));
  }
  return ids;
}

function bridgeOf(instance: Instance): BridgeInstance | undefined {
  const state = listedStates.find((name) => name === instance.State?.Name);
  if (state === undefined || instance.InstanceId === undefined) return undefined;
  return {
    instanceId: instance.InstanceId,
    state,
    ...(instance.PrivateIpAddress === undefined
      ? {}
      : { privateIpAddress: instance.PrivateIpAddress }),
    instanceType: instance.InstanceType ?? 'unknown',
    zone: instance.Placement?.AvailabilityZone ?? 'unknown',
    ...(instance.SubnetId === undefined ? {} : { subnetId: instance.SubnetId }),
    market: instance.InstanceLifecycle === 'spot' ? 'spot' : 'on-demand',
    ...(instance.IamInstanceProfile?.Arn === undefined
      ? {}
      : { instanceProfileArn: instance.IamInstanceProfile.Arn }),
    launchedAt: Math.floor((instance.LaunchTime?.getTime() ?? 0) / 1000),
    tags: Object.fromEntries(
      (instance.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']),
    ),
  };
}

/** Sets tags on instances; existing keys are overwritten. */
export async function tagInstances(
  client: EC2Client,
  instanceIds: readonly string[],
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  if (instanceIds.length === 0) return;
  await client.send(
    new CreateTagsCommand({
      Resources: [...instanceIds],
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
}

/** Removes tags whatever their value; keys that are not there are no error. */
export async function untagInstances(
  client: EC2Client,
  instanceIds: readonly string[],
  keys: readonly string[],
): Promise<void> {
  if (instanceIds.length === 0) return;
  await client.send(
    new DeleteTagsCommand({ Resources: [...instanceIds], Tags: keys.map((Key) => ({ Key })) }),
  );
}

/** Terminates one instance; one that is gone already is no error. */
export async function terminateInstance(client: EC2Client, instanceId: string): Promise<void> {
  try {
    await client.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }));
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidInstanceID.NotFound') return;
    throw error;
  }
}
