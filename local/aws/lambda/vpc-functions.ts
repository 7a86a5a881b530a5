import {
  DescribeStackResourceCommand,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation';
import { z } from 'zod';
import type { Template } from '../cloudformation/rewrite';

const vpcConfig = z.object({ SubnetIds: z.array(z.string()).min(1) });

/**
 * Functions that their template puts into a VPC, which the emulator leaves out. Literal subnet ids
 * only.
 */
export class VpcFunctions {
  private readonly subnets = new Map<string, readonly string[]>();

  /** @param client of the emulator */
  constructor(private readonly client: CloudFormationClient) {}

  /** Takes note of the functions of a stack that is complete. */
  async learn(stackName: string, template: Template): Promise<void> {
    for (const [id, { Type, Properties }] of Object.entries(template.Resources ?? {})) {
      const parsed = vpcConfig.safeParse(Properties?.['VpcConfig']);
      if (Type !== 'AWS::Lambda::Function' || !parsed.success) continue;
      const query = { StackName: stackName, LogicalResourceId: id };
      const reply = await this.client.send(new DescribeStackResourceCommand(query));
      const name = reply.StackResourceDetail?.PhysicalResourceId ?? '';
      this.subnets.set(name, parsed.data.SubnetIds);
    }
  }

  subnetsOf(functionName: string): readonly string[] {
    return this.subnets.get(functionName) ?? [];
  }
}
