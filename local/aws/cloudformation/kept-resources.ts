import {
  DescribeStackResourceCommand,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation';
import { z } from 'zod';
import type { Clock } from '../clock';
import type { DocumentStore } from '../ssm/documents';
import { refValue } from './kept-types';
import { keptMember } from './rewrite';

export interface KeptResourcesOptions {
  readonly client: CloudFormationClient;
  readonly documents: DocumentStore;
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
}

/** A resource of a stack that the gateway keeps; its properties are resolved. */
export interface KeptResource {
  readonly stackName: string;
  readonly logicalId: string;
  /** What `Ref` gives. */
  readonly physicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const metadataSchema = z.object({
  [keptMember]: z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()) }),
});

const documentProperties = z.object({
  Content: z.union([z.string(), z.record(z.string(), z.unknown())]),
  DocumentType: z.string().default('Command'),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
});

/**
 * Resources of deployed stacks that the emulator refuses. Documents work; alarms and security group
 * rules are only remembered.
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
    for (const resource of gone) this.deleteDocument(resource);
    for (const resource of current) this.putDocument(resource);
    this.resources = [...this.others(stackName), ...current];
  }

  /** Forgets what is kept of a stack that is deleted. */
  remove(stackName: string): void {
    for (const resource of this.of(stackName)) this.deleteDocument(resource);
    this.resources = this.others(stackName);
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

  private putDocument({ type, physicalId, properties }: KeptResource): void {
    if (type !== 'AWS::SSM::Document') return;
    const { documents, clock } = this.options;
    const { Content, DocumentType, Tags } = documentProperties.parse(properties);
    const text = typeof Content === 'string' ? Content : JSON.stringify(Content);
    if (!documents.has(physicalId)) {
      documents.create(physicalId, text, clock.now(), DocumentType, Tags);
    } else if (documents.require(physicalId).versions.at(-1)?.text !== text) {
      documents.update(physicalId, text, clock.now());
    }
  }

  private deleteDocument({ type, physicalId }: KeptResource): void {
    if (type !== 'AWS::SSM::Document') return;
    if (this.options.documents.has(physicalId)) this.options.documents.delete(physicalId);
  }
}
