import {
  CreateFleetCommand,
  type _InstanceType,
  type CreateFleetCommandInput,
  type CreateFleetCommandOutput,
  type EC2Client,
  type FleetLaunchTemplateOverridesRequest,
} from '@aws-sdk/client-ec2';
import { tagKeys } from '../../core/protocol/tags';
import type { LaunchRequest } from '../../core/model/action';
import type { LaunchOutcome, PoolRefusal } from '../../core/model/launch-outcome';
import type { Market } from '../../core/model/snapshot';

/**
 * Sends exactly the request that `request` describes; the same request twice is one launch.
 *
 * @throws whatever leaves open whether instances were made (throttling, 5xx, time-out)
 */
export async function launchBridges(
  client: EC2Client,
  fleet: string,
  request: LaunchRequest,
): Promise<LaunchOutcome> {
  try {
    return outcomeOf(await client.send(new CreateFleetCommand(createFleetInput(fleet, request))));
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    return refusal;
  }
}

/** The whole CreateFleet request, a function of nothing but its arguments. */
export function createFleetInput(fleet: string, request: LaunchRequest): CreateFleetCommandInput {
  const { onDemandCount, spotCount } = request;
  return {
    Type: 'instant',
    ClientToken: request.token,
    LaunchTemplateConfigs: [
      {
        LaunchTemplateSpecification: {
          LaunchTemplateId: request.launchTemplateId,
          Version: request.launchTemplateVersion,
        },
        Overrides: overridesOf(request),
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
    TagSpecifications: [{ ResourceType: 'instance', Tags: launchTags(fleet, request) }],
  };
}

/**
 * Every type in every subnet that is not left out. Each has a priority of its own, types before
 * subnets: among equal ones EC2 takes the same zone for every small order.
 */
function overridesOf(request: LaunchRequest): FleetLaunchTemplateOverridesRequest[] {
  const { instanceTypes, subnetIds, excludedPools, imageId } = request;
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

function launchTags(fleet: string, request: LaunchRequest) {
  const weights = new Set(request.instanceTypes.map(({ weight }) => weight));
  const [weight] = weights;
  return [
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

function outcomeOf(output: CreateFleetCommandOutput): LaunchOutcome {
  const launched = (output.Instances ?? []).flatMap((group) =>
    (group.InstanceIds ?? []).map((instanceId) => ({
      instanceId,
      instanceType: group.InstanceType ?? 'unknown',
      market: marketOf(group.Lifecycle),
    })),
  );
  const refusals = (output.Errors ?? []).map((error): PoolRefusal => {
    const override = error.LaunchTemplateAndOverrides?.Overrides;
    return {
      ...(override?.InstanceType === undefined ? {} : { instanceType: override.InstanceType }),
      ...(override?.SubnetId === undefined ? {} : { subnetId: override.SubnetId }),
      market: marketOf(error.Lifecycle),
      code: error.ErrorCode ?? 'Unknown',
      message: error.ErrorMessage ?? '',
    };
  });
  return { status: 'answered', launched, refusals };
}

function marketOf(lifecycle: string | undefined): Market {
  return lifecycle === 'spot' ? 'spot' : 'on-demand';
}

const throttles =
  /^(RequestLimitExceeded|Throttling|ThrottlingException|RequestThrottled|TooManyRequests)/;

/** An answer of class 4xx that is no throttle is final: the same request would get it again. */
function refusalOf(error: unknown): LaunchOutcome | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message } = error;
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  if (status === undefined || status < 400 || status >= 500 || throttles.test(name))
    return undefined;
  return { status: 'refused', code: name, message };
}
