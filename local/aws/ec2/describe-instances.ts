import { z } from 'zod';
import { AwsError } from '../errors';
import type { Handler } from '../handler';
import { page } from '../paging';
import { parseInput, wireBoolean, wireList, wireNumber } from '../protocol/input';
import type { Output } from '../protocol/response';
import type { Ec2 } from './ec2';
import { passesFilters } from './filters';
import { instanceStates, isXen, type InstanceView } from './instance';
import { viewOf } from './model';
import { filtersSchema } from './schemas';
import { shownTags } from './shown-tags';

const input = z.object({
  InstanceId: wireList(z.string()),
  Filter: filtersSchema,
  MaxResults: wireNumber.optional(),
  NextToken: z.string().optional(),
  IncludeAllInstances: wireBoolean.default(false),
});
type Input = z.output<typeof input>;

/** DescribeInstances: each instance of a fleet is a reservation of its own. */
export function describeInstances(ec2: Ec2): Handler {
  return ({ input: wire }) => {
    const request = parseInput(input, wire, 'InvalidParameterValue');
    const { items, nextToken } = select(ec2, request, 1000);
    const reservations = groupByReservation(items);
    return {
      reservationSet: [...reservations].map(([reservationId, instances]) => ({
        reservationId,
        ownerId: ec2.accountId,
        groupSet: [],
        instancesSet: instances.map(describeInstance),
      })),
      nextToken,
    };
  };
}

/**
 * DescribeInstanceStatus: running instances unless IncludeAllInstances; checks pass as soon as it
 * runs.
 */
export function describeInstanceStatus(ec2: Ec2): Handler {
  return ({ input: wire }) => {
    const request = parseInput(input, wire, 'InvalidParameterValue');
    const shown = (instance: InstanceView): boolean =>
      request.IncludeAllInstances || instance.state === 'running';
    const { items, nextToken } = select(ec2, request, 1000, shown);
    return { instanceStatusSet: items.map(describeStatus), nextToken };
  };
}

function select(
  ec2: Ec2,
  request: Input,
  most: number,
  shown: (instance: InstanceView) => boolean = () => true,
): ReturnType<typeof page<InstanceView>> {
  const { MaxResults, NextToken, InstanceId } = request;
  if (MaxResults !== undefined && InstanceId.length > 0) {
    throw new AwsError(
      'InvalidParameterCombination',
      'The parameter instancesSet cannot be used with the parameter maxResults',
    );
  }
  if (MaxResults !== undefined && (MaxResults < 5 || MaxResults > most)) {
    throw new AwsError('InvalidParameterValue', `MaxResults must be between 5 and ${most}`);
  }
  const named =
    InstanceId.length > 0
      ? ec2.model.require(InstanceId).flatMap((instance) => viewOf(instance) ?? [])
      : ec2.model.shown();
  const found = named.filter((i) => shown(i) && passesFilters(i, request.Filter));
  return page(found, MaxResults, NextToken, 'InvalidNextToken');
}

function groupByReservation(instances: readonly InstanceView[]): Map<string, InstanceView[]> {
  const groups = new Map<string, InstanceView[]>();
  for (const instance of instances) {
    const { reservationId } = instance.spec;
    groups.set(reservationId, [...(groups.get(reservationId) ?? []), instance]);
  }
  return groups;
}

/**
 * An instance in EC2's wire names. Addresses, VPC and subnet end with the instance, as AWS shows
 * it.
 */
export function describeInstance(instance: InstanceView): Output {
  const { spec, state, stateReason } = instance;
  const alive = state !== 'terminated';
  const groups = spec.securityGroupIds.map((groupId) => ({ groupId, groupName: groupId }));
  const profileId = 'AIPALOCALLOCALLOCAL00';
  return {
    instanceId: spec.instanceId,
    imageId: spec.imageId,
    instanceState: { code: instanceStates[state], name: state },
    privateDnsName: alive ? `ip-${spec.privateIpAddress.replaceAll('.', '-')}.ec2.internal` : '',
    dnsName: '',
    reason: stateReason === undefined ? '' : stateReason.message,
    amiLaunchIndex: 0,
    instanceType: spec.instanceType,
    launchTime: spec.launchTime,
    placement: { availabilityZone: spec.availabilityZone, groupName: '', tenancy: 'default' },
    monitoring: { state: 'disabled' },
    ...(alive
      ? {
          subnetId: spec.subnetId,
          vpcId: spec.vpcId,
          privateIpAddress: spec.privateIpAddress,
          ipAddress: spec.publicIpAddress,
          groupSet: groups,
        }
      : {}),
    ...(stateReason === undefined ? {} : { stateReason }),
    architecture: 'x86_64',
    rootDeviceType: 'ebs',
    rootDeviceName: '/dev/sda1',
    virtualizationType: 'hvm',
    clientToken: spec.clientToken,
    ...(spec.lifecycle === 'spot' ? { instanceLifecycle: 'spot' } : {}),
    tagSet: [...shownTags(instance)].map(([key, value]) => ({ key, value })),
    hypervisor: isXen(spec.instanceType) ? 'xen' : 'nitro',
    ...(spec.profileArn === undefined || !alive
      ? {}
      : { iamInstanceProfile: { arn: spec.profileArn, id: profileId } }),
    metadataOptions: {
      state: state === 'pending' ? 'pending' : 'applied',
      httpTokens: spec.metadataOptions.httpTokens,
      httpPutResponseHopLimit: spec.metadataOptions.httpPutResponseHopLimit,
      httpEndpoint: 'enabled',
      instanceMetadataTags: spec.metadataOptions.instanceMetadataTags,
    },
  };
}

function describeStatus({ spec, state }: InstanceView): Output {
  const check = state === 'running' ? 'ok' : 'not-applicable';
  const status = {
    status: check,
    details: check === 'ok' ? [{ name: 'reachability', status: 'passed' }] : [],
  };
  return {
    instanceId: spec.instanceId,
    availabilityZone: spec.availabilityZone,
    instanceState: { code: instanceStates[state], name: state },
    instanceStatus: status,
    systemStatus: status,
  };
}
