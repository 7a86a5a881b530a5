import { z } from 'zod';
import { AwsError } from '../errors';
import type { Handler } from '../handler';
import { parseInput, wireBoolean, wireList, wireNumber } from '../protocol/input';
import type { Output } from '../protocol/response';
import { ClientTokens } from './client-tokens';
import { describeInstance } from './describe-instances';
import type { Ec2 } from './ec2';
import { launchDataSchema, type Instance } from './instance';
import { launchTemplateSpecification } from './launch-templates';
import { tagSpecifications } from './schemas';

const input = launchDataSchema
  .omit({ TagSpecifications: true, NetworkInterfaces: true, SecurityGroupIds: true })
  .extend({
    MinCount: wireNumber.default(1),
    MaxCount: wireNumber.default(1),
    SubnetId: z.string().optional(),
    SecurityGroupId: z.array(z.string()).optional(),
    ClientToken: z.string().default(''),
    DryRun: wireBoolean.default(false),
    LaunchTemplate: launchTemplateSpecification.optional(),
    InstanceMarketOptions: z.object({ MarketType: z.string().optional() }).optional(),
    TagSpecification: tagSpecifications,
    BlockDeviceMapping: wireList(z.unknown()),
  });

/** RunInstances, with or without a launch template; members of the call win over the template's. */
export function runInstances(ec2: Ec2): Handler {
  const tokens = new ClientTokens<Output>();
  return async ({ input: wire, principal }) => {
    const request = parseInput(input, wire, 'InvalidParameterValue');
    if (request.DryRun) {
      throw new AwsError(
        'DryRunOperation',
        'Request would have succeeded, but DryRun flag is set.',
        412,
      );
    }
    return tokens.once(request.ClientToken, wire, async () => {
      const template = request.LaunchTemplate && (await ec2.templates.read(request.LaunchTemplate));
      const reservationId = ec2.ids.resource('r');
      const { SubnetId, SecurityGroupId, TagSpecification, BlockDeviceMapping, ...data } = request;
      const instances: Instance[] = [];
      for (let made = 0; made < request.MaxCount; made++) {
        const one = ec2.launcher.launch({
          template,
          data: {
            ...data,
            SecurityGroupIds: SecurityGroupId,
            TagSpecifications: TagSpecification,
            BlockDeviceMappings: BlockDeviceMapping.length > 0 ? BlockDeviceMapping : undefined,
          },
          ...(SubnetId === undefined ? {} : { subnetId: SubnetId }),
          lifecycle: request.InstanceMarketOptions?.MarketType === 'spot' ? 'spot' : 'on-demand',
          reservationId,
          clientToken: request.ClientToken,
          principal,
          by: 'RunInstances',
        });
        instances.push(await one);
      }
      return {
        reservationId,
        ownerId: ec2.accountId,
        groupSet: [],
        instancesSet: instances.map(describeInstance),
      };
    });
  };
}
