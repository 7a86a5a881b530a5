import { z } from 'zod';
import { AwsError } from '../errors';
import type { Handler } from '../handler';
import { parseInput, wireBoolean, wireList, wireNumber } from '../protocol/input';
import type { Output } from '../protocol/response';
import { ClientTokens } from './client-tokens';
import type { Ec2 } from './ec2';
import type { Instance } from './instance';
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
  TagSpecification: tagSpecifications,
});
type Input = z.output<typeof input>;
type Lifecycle = 'on-demand' | 'spot';

interface Pool {
  readonly template: LaunchTemplate;
  readonly specification: z.output<typeof launchTemplateSpecification>;
  readonly override: z.output<typeof override>;
}

/** CreateFleet of type `instant`: launches at once and answers what came of it, pool by pool. */
export function createFleet(ec2: Ec2): Handler {
  const tokens = new ClientTokens<Output>();
  return async ({ input: wire }) => {
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
    return tokens.once(request.ClientToken, wire, () => launchFleet(ec2, request));
  };
}

async function launchFleet(ec2: Ec2, request: Input): Promise<Output> {
  const pools: Pool[] = [];
  for (const config of request.LaunchTemplateConfigs) {
    const specification = config.LaunchTemplateSpecification;
    const template = await ec2.templates.read(specification);
    const overrides = config.Overrides.length === 0 ? [{}] : config.Overrides;
    pools.push(...overrides.map((o) => ({ template, specification, override: o })));
  }
  const fleetId = ec2.ids.resource('fleet');
  const wanted = capacityByLifecycle(request);
  const launched: { pool: Pool; lifecycle: Lifecycle; instance: Instance }[] = [];
  const errors = new Map<string, { pool: Pool; lifecycle: Lifecycle; error: AwsError }>();
  for (const lifecycle of ['on-demand', 'spot'] as const) {
    const preferred = pools.toSorted(byPriority);
    for (let missing = wanted[lifecycle]; missing > 0; missing--) {
      // AWS balances over the zones of the first type that has room; here pools take turns within a type.
      const index = wanted[lifecycle] - missing;
      const pool = inTurn(preferred, index).find((candidate) => {
        const key = `${lifecycle} ${JSON.stringify(candidate.override)}`;
        if (errors.has(key)) return false;
        try {
          const instance = ec2.launcher.launch({
            template: candidate.template,
            data: {
              InstanceType: candidate.override.InstanceType,
              ImageId: candidate.override.ImageId,
              TagSpecifications: [
                ...(candidate.template.data.TagSpecifications ?? []),
                ...request.TagSpecification,
              ],
            },
            ...(candidate.override.SubnetId === undefined
              ? {}
              : { subnetId: candidate.override.SubnetId }),
            lifecycle,
            reservationId: ec2.ids.resource('r'),
            clientToken: request.ClientToken,
          });
          instance.fleetId = fleetId;
          launched.push({ pool: candidate, lifecycle, instance });
          return true;
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          errors.set(key, { pool: candidate, lifecycle, error });
          return false;
        }
      });
      if (pool === undefined) break;
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
    errorSet: [...errors.values()].map(({ pool, lifecycle, error }) => ({
      launchTemplateAndOverrides: describePool(pool),
      lifecycle,
      errorCode: error.code,
      errorMessage: error.message,
    })),
  };
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

function byPriority(a: Pool, b: Pool): number {
  return (a.override.Priority ?? Infinity) < (b.override.Priority ?? Infinity)
    ? -1
    : a.override.Priority === b.override.Priority
      ? 0
      : 1;
}

/** Pools of the same type as the first ones, rotated by `turn`, then those of the other types in order. */
function inTurn(pools: readonly Pool[], turn: number): readonly Pool[] {
  const types = [...new Set(pools.map(({ override: o }) => o.InstanceType))];
  return types.flatMap((type) => {
    const same = pools.filter(({ override: o }) => o.InstanceType === type);
    const start = turn % same.length;
    return [...same.slice(start), ...same.slice(0, start)];
  });
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
