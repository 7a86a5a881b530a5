import type {
  _InstanceType,
  CreateFleetCommandInput,
  FleetLaunchTemplateOverridesRequest,
  Tag,
} from '@aws-sdk/client-ec2';
import { tagKeys } from '../../core/protocol/tags';
import type { LaunchRequest } from '../../core/model/action';

/** The operator's own tags of every bridge, beside those of the fleet. */
export type OwnTags = Readonly<Record<string, string>>;

/** What one CreateFleet request asks for. */
interface Part {
  readonly token: string;
  readonly onDemandCount: number;
  readonly spotCount: number;
  /** In order of preference. */
  readonly subnetIds: readonly string[];
}

/**
 * One part for each subnet that gets on-demand bridges, which is tried first in it; the others
 * follow for want of room. Spot is not divided: EC2 looks for the pools with most room itself.
 */
function partsOf(request: LaunchRequest): readonly Part[] {
  const { token, subnetIds, onDemandPerSubnet, spotCount } = request;
  if (onDemandPerSubnet === undefined) return [request];
  return subnetIds
    .map((subnetId, index) => ({ subnetId, onDemandCount: onDemandPerSubnet[index] ?? 0 }))
    .filter(({ onDemandCount }) => onDemandCount > 0)
    .map(({ subnetId, onDemandCount }, index) => ({
      token: `${token}-${index}`,
      onDemandCount,
      spotCount: index === 0 ? spotCount : 0,
      subnetIds: [subnetId, ...subnetIds.filter((other) => other !== subnetId)],
    }));
}

/** All CreateFleet requests of an order, a function of nothing but the arguments. */
export function createFleetInputs(
  fleet: string,
  request: LaunchRequest,
  ownTags: OwnTags = {},
): readonly CreateFleetCommandInput[] {
  const tags = launchTags(fleet, request, ownTags);
  return partsOf(request).map((part) => createFleetInput(request, part, tags));
}

function createFleetInput(
  request: LaunchRequest,
  part: Part,
  tags: Tag[],
): CreateFleetCommandInput {
  const { onDemandCount, spotCount } = part;
  return {
    Type: 'instant',
    ClientToken: part.token,
    LaunchTemplateConfigs: [
      {
        LaunchTemplateSpecification: {
          LaunchTemplateId: request.launchTemplateId,
          Version: request.launchTemplateVersion,
        },
        Overrides: overridesOf(request, part.subnetIds),
      },
    ],
    TargetCapacitySpecification: {
      TotalTargetCapacity: onDemandCount + spotCount,
      OnDemandTargetCapacity: onDemandCount,
      SpotTargetCapacity: spotCount,
      DefaultTargetCapacityType: 'on-demand',
    },
    OnDemandOptions: { AllocationStrategy: 'prioritized' },
    SpotOptions: { AllocationStrategy: 'price-capacity-optimized' },
    TagSpecifications: [{ ResourceType: 'instance', Tags: tags }],
  };
}

/**
 * Every type in every subnet that is not left out. Each has a priority of its own, types before
 * subnets: among equal ones EC2 takes the same zone for every small order.
 */
function overridesOf(
  { instanceTypes, excludedPools, imageId }: LaunchRequest,
  subnetIds: readonly string[],
): FleetLaunchTemplateOverridesRequest[] {
  return instanceTypes
    .flatMap(({ type }) => subnetIds.map((subnet) => ({ type, subnet })))
    .map(({ type, subnet }, priority) => ({ type, subnet, priority }))
    .filter(({ type, subnet }) => !excludedPools.includes(`${type}/${subnet}`))
    .map(({ type, subnet, priority }) => ({
      // EC2 adds types every month; the SDK's enum is only a snapshot of them.
      InstanceType: type as _InstanceType,
      SubnetId: subnet,
      Priority: priority,
      ...(imageId === undefined ? {} : { ImageId: imageId }),
    }));
}

function launchTags(fleet: string, request: LaunchRequest, ownTags: OwnTags): Tag[] {
  const weights = new Set(request.instanceTypes.map(({ weight }) => weight));
  const [weight] = weights;
  return [
    ...Object.entries(ownTags).map(([Key, Value]) => ({ Key, Value })),
    { Key: tagKeys.fleet, Value: fleet },
    { Key: tagKeys.launch, Value: request.token },
    { Key: tagKeys.name, Value: `jitsi-bridge-${fleet}` },
    // One request has one set of tags: types of different weight are told apart by the caller, by
    // type.
    ...(weights.size === 1 && weight !== undefined
      ? [{ Key: tagKeys.weight, Value: String(weight) }]
      : []),
  ];
}
