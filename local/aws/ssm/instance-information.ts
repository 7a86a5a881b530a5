import { z } from 'zod';
import type { Instance } from '../ec2/instance';
import type { Handler } from '../handler';
import { page } from '../paging';
import { parseInput } from '../protocol/input';
import type { Ssm } from './ssm';

const input = z.object({
  Filters: z.array(z.object({ Key: z.string(), Values: z.array(z.string()) })).default([]),
  MaxResults: z.number().int().min(5).max(50).default(50),
  NextToken: z.string().optional(),
});

/** DescribeInstanceInformation: instances whose agent is online. Filter: `InstanceIds`. */
export function describeInstanceInformation(ssm: Ssm): Handler {
  return async ({ input: wire }) => {
    const { Filters, MaxResults, NextToken } = parseInput(input, wire, 'ValidationException');
    const wanted = Filters.find(({ Key }) => Key === 'InstanceIds')?.Values;
    const online: Instance[] = [];
    for (const instance of ssm.model.all()) {
      const isWanted = wanted?.includes(instance.spec.instanceId) ?? true;
      if (isWanted && (await ssm.agents.isOnline(instance))) online.push(instance);
    }
    const { items, nextToken } = page(online, MaxResults, NextToken, 'InvalidNextToken');
    return {
      InstanceInformationList: items.map(({ spec }) => ({
        InstanceId: spec.instanceId,
        PingStatus: 'Online',
        LastPingDateTime: ssm.clock.now(),
        AgentVersion: '3.3.0.0',
        IsLatestVersion: true,
        PlatformType: 'Linux',
        PlatformName: 'Debian GNU/Linux',
        PlatformVersion: '12',
        ResourceType: 'EC2Instance',
        IPAddress: spec.privateIpAddress,
        ComputerName: spec.instanceId,
      })),
      NextToken: nextToken,
    };
  };
}
