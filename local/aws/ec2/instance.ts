import { z } from 'zod';

export const instanceStates = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
} as const;
export type InstanceState = keyof typeof instanceStates;

/** How an instance is paid for. */
export type Lifecycle = 'on-demand' | 'spot';

export interface MetadataOptions {
  readonly httpTokens: 'required' | 'optional';
  readonly httpPutResponseHopLimit: number;
  readonly instanceMetadataTags: 'enabled' | 'disabled';
}

/** What does not change in the life of an instance. */
export interface InstanceSpec {
  readonly instanceId: string;
  readonly reservationId: string;
  readonly imageId: string;
  readonly instanceType: string;
  readonly lifecycle: Lifecycle;
  readonly vpcId: string;
  readonly subnetId: string;
  readonly availabilityZone: string;
  readonly privateIpAddress: string;
  readonly publicIpAddress: string;
  readonly securityGroupIds: readonly string[];
  /** ARN of the instance profile. */
  readonly profileArn?: string;
  /**
   * Base64, as launch templates and DescribeInstanceAttribute have it; empty when there is none.
   */
  readonly userData: string;
  readonly metadataOptions: MetadataOptions;
  readonly shutdownBehavior: 'stop' | 'terminate';
  readonly blockDevices: readonly unknown[];
  readonly launchTime: Date;
  readonly clientToken: string;
  /** What it was launched from; AWS shows it as tags `aws:ec2launchtemplate:…`. */
  readonly launchTemplate?: { readonly id: string; readonly version: string };
}

/** What changes in the life of an instance. */
export interface InstanceCondition {
  readonly state: InstanceState;
  readonly tags: ReadonlyMap<string, string>;
  readonly stateReason?: { readonly code: string; readonly message: string };
}

/** An instance as the emulated EC2 keeps it. */
export interface Instance extends InstanceCondition {
  readonly spec: InstanceSpec;
  state: InstanceState;
  readonly tags: Map<string, string>;
  stateReason?: { readonly code: string; readonly message: string };
  /** What describe calls say of it while that is not yet what it is; see {@link InstanceView}. */
  shown?: InstanceCondition | 'notYet';
  /** Tags as the machine's metadata has them, where those are of its last start: on Xen types. */
  readonly bootTags?: ReadonlyMap<string, string>;
  terminatedAt?: Date;
  /** Fleet that launched it; AWS shows it as the tag `aws:ec2:fleet-id`. */
  fleetId?: string;
}

/** An instance as calls show it, which may be as it was some seconds ago. */
export interface InstanceView extends InstanceCondition {
  readonly spec: InstanceSpec;
  readonly terminatedAt?: Date;
  readonly fleetId?: string;
}

/**
 * The older families, which are not built on Nitro: their tags reach the metadata only at a start.
 */
export function isXen(instanceType: string): boolean {
  return /^(?:t1|t2|m[1-4]|c1|c3|c4|r3|r4|i2|d2|g2|g3|p2|p3|x1|x1e|f1|h1|cc2|cr1|hs1)\./.test(
    instanceType,
  );
}

/** Members of a launch template, or of RunInstances, that this EC2 honours; the rest is ignored. */
export const launchDataSchema = z.object({
  ImageId: z.string().optional(),
  InstanceType: z.string().optional(),
  SecurityGroupIds: z.array(z.string()).optional(),
  IamInstanceProfile: z
    .object({ Arn: z.string().optional(), Name: z.string().optional() })
    .optional(),
  UserData: z.string().optional(),
  InstanceInitiatedShutdownBehavior: z.enum(['stop', 'terminate']).optional(),
  MetadataOptions: z
    .object({
      HttpTokens: z.enum(['required', 'optional']).optional(),
      HttpPutResponseHopLimit: z.coerce.number().optional(),
      InstanceMetadataTags: z.enum(['enabled', 'disabled']).optional(),
    })
    .optional(),
  TagSpecifications: z
    .array(
      z.object({
        ResourceType: z.string(),
        Tags: z.array(z.object({ Key: z.string(), Value: z.string().default('') })).default([]),
      }),
    )
    .optional(),
  NetworkInterfaces: z
    .array(z.object({ Groups: z.array(z.string()).optional(), SubnetId: z.string().optional() }))
    .optional(),
  BlockDeviceMappings: z.array(z.unknown()).optional(),
});
export type LaunchData = z.infer<typeof launchDataSchema>;
