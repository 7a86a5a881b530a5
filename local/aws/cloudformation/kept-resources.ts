import {
  DescribeStackResourceCommand,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation';
import { z } from 'zod';
import type { Keeper, KeptResource } from './kept-resource';
import { refValue } from './kept-types';
import { keptMember } from './rewrite';

export interface KeptResourcesOptions {
  readonly client: CloudFormationClient;
  /** By resource type; resources of other types are only remembered. */
  readonly keepers: Readonly<Record<string, Keeper>>;
  readonly accountId: string;
  readonly region: string;
}

const metadataSchema = z.object({
  [keptMember]: z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()) }),
});

/**
 * Resources of deployed stacks that the emulator refuses or is not trusted with. Those with a
 * keeper work; the others, alarms and security group rules, are only remembered.
 */
export class KeptResources {
  private resources: readonly KeptResource[] = [];

  constructor(private readonly options: KeptResourcesOptions) {}

  all(): readonly KeptResource[] {
    return this.resources;
  }

  /** Makes what is kept of a stack equal to these logical ids of the deployed template. */
  async register(stackName: string, logicalIds: readonly string[]): Promise<void> {
    const current = await Promise.all(logicalIds.map((id) => this.read(stackName, id)));
    const names = new Set(current.map(({ physicalId }) => physicalId));
    const gone = this.of(stackName).filter(({ physicalId }) => !names.has(physicalId));
    for (const resource of gone) this.keeper(resource)?.delete(resource);
    for (const resource of current) this.keeper(resource)?.put(resource);
    this.resources = [...this.others(stackName), ...current];
  }

  /**
   * Ends what is kept of a stack but for these logical ids: its deletion has come to the others.
   */
  retain(stackName: string, logicalIds: readonly string[]): void {
    const isRetained = ({ logicalId }: KeptResource) => logicalIds.includes(logicalId);
    const own = this.of(stackName);
    for (const resource of own) if (!isRetained(resource)) this.keeper(resource)?.delete(resource);
    this.resources = [...this.others(stackName), ...own.filter(isRetained)];
  }

  private of(stackName: string): readonly KeptResource[] {
    return this.resources.filter((resource) => resource.stackName === stackName);
  }

  private others(stackName: string): readonly KeptResource[] {
    return this.resources.filter((resource) => resource.stackName !== stackName);
  }

  /** The emulator has resolved the intrinsics in the stand-in's metadata. */
  private async read(stackName: string, logicalId: string): Promise<KeptResource> {
    const { client, accountId, region } = this.options;
    const reply = await client.send(
      new DescribeStackResourceCommand({ StackName: stackName, LogicalResourceId: logicalId }),
    );
    const metadata: unknown = JSON.parse(reply.StackResourceDetail?.Metadata ?? '{}');
    const { Type, Properties } = metadataSchema.parse(metadata)[keptMember];
    const place = { stackName, accountId, region };
    const physicalId = refValue(logicalId, { Type, Properties }, place) as string;
    return { stackName, logicalId, physicalId, type: Type, properties: Properties };
  }

  private keeper({ type }: KeptResource): Keeper | undefined {
    return this.options.keepers[type];
  }
}
