import { z } from 'zod';
import { AwsError } from '../errors';
import type { Handler } from '../handler';
import type { Principal } from '../iam/access';
import { parseInput, wireBoolean, wireList, wireNumber } from '../protocol/input';
import type { Output } from '../protocol/response';
import { ClientTokens } from './client-tokens';
import type { Ec2 } from './ec2';
import { poolOrder, refuseDuplicates, triedPools, type PoolChoice } from './fleet-pools';
import type { Instance, Lifecycle } from './instance';
import { launchTemplateSpecification, type LaunchTemplate } from './launch-templates';
import { tagSpecifications } from './schemas';

const override = z.object({
  InstanceType: z.string().optional(),
  SubnetId: z.string().optional(),
  AvailabilityZone: z.string().optional(),
  ImageId: z.string().optional(),
  Priority: wireNumber.optional(),
});

const input = z.object({
  Type: z.enum(['instant', 'request', 'maintain']).default('maintain'),
  ClientToken: z.string().default(''),
  DryRun: wireBoolean.default(false),
  LaunchTemplateConfigs: wireList(
    z.object({
      LaunchTemplateSpecification: launchTemplateSpecification,
      Overrides: wireList(override),
    }),
  ),
  TargetCapacitySpecification: z.object({
    TotalTargetCapacity: wireNumber,
    OnDemandTargetCapacity: wireNumber.optional(),
    SpotTargetCapacity: wireNumber.optional(),
    DefaultTargetCapacityType: z.enum(['on-demand', 'spot']).default('on-demand'),
  }),
  OnDemandOptions: z.object({ AllocationStrategy: z.string().optional() }).optional(),
  SpotOptions: z.object({ AllocationStrategy: z.string().optional() }).optional(),
  TagSpecification: tagSpecifications,
});
type Input = z.output<typeof input>;

interface Pool extends PoolChoice {
  readonly template: LaunchTemplate;
  readonly specification: z.output<typeof launchTemplateSpecification>;
  readonly override: z.output<typeof override>;
}

/** CreateFleet of type `instant`: launches at once and answers what came of it, pool by pool. */
export function createFleet(ec2: Ec2): Handler {
  const tokens = new ClientTokens<Output>();
  return async ({ input: wire, principal }) => {
    const request = parseInput(input, wire, 'InvalidParameterValue');
    if (request.Type !== 'instant') {
      throw new AwsError(
        'InvalidParameterValue',
        'The local EC2 makes fleets of type instant only',
      );
    }
    if (request.LaunchTemplateConfigs.length === 0) {
      throw new AwsError('MissingParameter', 'The request must contain LaunchTemplateConfigs');
    }
    if (request.DryRun) {
      throw new AwsError(
        'DryRunOperation',
        'Request would have succeeded, but DryRun flag is set.',
        412,
      );
    }
    const launch = (): Promise<Output> => launchFleet(ec2, principal, request);
    if (ec2.behaviour.repeatedLaunch === 'listed' || !tokens.knows(request.ClientToken)) {
      return tokens.once(request.ClientToken, wire, launch);
    }
    const first = await tokens.once(request.ClientToken, wire, launch);
    return { ...first, fleetInstanceSet: [], errorSet: [] };
  };
}

interface Refused {
  readonly pool: Pool;
  readonly lifecycle: Lifecycle;
  readonly code: string;
  readonly message: string;
}

async function launchFleet(ec2: Ec2, principal: Principal, request: Input): Promise<Output> {
  const pools = await poolsOf(ec2, request);
  refuseDuplicates(pools);
  await ec2.serviceRoles.need(principal, 'ec2fleet.amazonaws.com');
  const fleetId = ec2.ids.resource('fleet');
  const wanted = capacityByLifecycle(request);
  const launched: { pool: Pool; lifecycle: Lifecycle; instance: Instance }[] = [];
  const refused: Refused[] = [];
  let tries = triedPools;
  for (const lifecycle of ['on-demand', 'spot'] as const) {
    const strategy = strategyOf(request, lifecycle);
    let missing = wanted[lifecycle];
    for (const pool of poolOrder(pools, lifecycle, strategy)) {
      if (missing === 0) break;
      if (tries === 0) {
        refused.push({ pool, lifecycle, ...unfulfillable });
        continue;
      }
      tries--;
      while (missing > 0) {
        const made = await launchOne(ec2, { principal, request, pool, lifecycle });
        if ('code' in made) {
          refused.push(made);
          break;
        }
        made.fleetId = fleetId;
        launched.push({ pool, lifecycle, instance: made });
        missing--;
      }
    }
  }
  return {
    fleetId,
    fleetInstanceSet: launched.map(({ pool, lifecycle, instance }) => ({
      launchTemplateAndOverrides: describePool(pool),
      lifecycle,
      instanceIds: [instance.spec.instanceId],
      instanceType: instance.spec.instanceType,
    })),
    errorSet: refused.map(({ pool, lifecycle, code, message }) => ({
      launchTemplateAndOverrides: describePool(pool),
      lifecycle,
      errorCode: code,
      errorMessage: message,
    })),
  };
}

const unfulfillable = {
  code: 'UnfulfillableCapacity',
  message:
    'Unable to fulfill capacity due to your request configuration. Please adjust your request and try again.',
};

async function poolsOf(ec2: Ec2, request: Input): Promise<readonly Pool[]> {
  const pools: Pool[] = [];
  for (const config of request.LaunchTemplateConfigs) {
    const specification = config.LaunchTemplateSpecification;
    const template = await ec2.templates.read(specification);
    const overrides = config.Overrides.length === 0 ? [{}] : config.Overrides;
    for (const one of overrides) {
      const subnetId = one.SubnetId ?? template.data.NetworkInterfaces?.[0]?.SubnetId;
      const zone = one.AvailabilityZone ?? ec2.model.network.zoneOf(subnetId);
      pools.push({
        template,
        specification,
        override: one,
        instanceType: one.InstanceType ?? template.data.InstanceType,
        subnetId,
        availabilityZone: zone,
        priority: one.Priority,
      });
    }
  }
  return pools;
}

interface OneLaunch {
  readonly principal: Principal;
  readonly request: Input;
  readonly pool: Pool;
  readonly lifecycle: Lifecycle;
}

/** An instance of a pool, or why EC2 does not make it. */
async function launchOne(
  ec2: Ec2,
  { principal, request, pool, lifecycle }: OneLaunch,
): Promise<Instance | Refused> {
  const { template, override: chosen } = pool;
  try {
    if (lifecycle === 'spot') await ec2.serviceRoles.need(principal, 'spot.amazonaws.com');
    return await ec2.launcher.launch({
      template,
      data: {
        InstanceType: chosen.InstanceType,
        ImageId: chosen.ImageId,
        TagSpecifications: request.TagSpecification,
      },
      ...(pool.subnetId === undefined ? {} : { subnetId: pool.subnetId }),
      lifecycle,
      reservationId: ec2.ids.resource('r'),
      clientToken: request.ClientToken,
      principal,
      by: 'CreateFleet',
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { pool, lifecycle, code: error.code, message: error.message };
  }
}

function strategyOf(request: Input, lifecycle: Lifecycle): string | undefined {
  const options = lifecycle === 'spot' ? request.SpotOptions : request.OnDemandOptions;
  return options?.AllocationStrategy;
}

/** On-demand and spot parts of the total; what neither names is of the default type. */
function capacityByLifecycle(request: Input): Record<Lifecycle, number> {
  const target = request.TargetCapacitySpecification;
  const { OnDemandTargetCapacity = 0, SpotTargetCapacity = 0 } = target;
  const rest = target.TotalTargetCapacity - OnDemandTargetCapacity - SpotTargetCapacity;
  if (rest < 0) {
    throw new AwsError(
      'InvalidTargetCapacitySpecification',
      'TotalTargetCapacity is less than the sum of OnDemandTargetCapacity and SpotTargetCapacity',
    );
  }
  const wanted = { 'on-demand': OnDemandTargetCapacity, spot: SpotTargetCapacity };
  wanted[target.DefaultTargetCapacityType] += rest;
  return wanted;
}

function describePool({ template, specification, override: o }: Pool): Output {
  return {
    launchTemplateSpecification: {
      launchTemplateId: template.id,
      launchTemplateName: specification.LaunchTemplateName,
      version: template.version,
    },
    overrides: {
      instanceType: o.InstanceType,
      subnetId: o.SubnetId,
      availabilityZone: o.AvailabilityZone,
      priority: o.Priority,
    },
  };
}
