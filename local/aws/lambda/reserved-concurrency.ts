import {
  DescribeStackResourceCommand,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation';
import {
  DeleteFunctionConcurrencyCommand,
  PutFunctionConcurrencyCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import type { Template } from '../cloudformation/rewrite';

/**
 * Reserved concurrency of the functions of a template, by logical id. Numbers only: an intrinsic
 * is not seen.
 */
export function reservedConcurrency(template: Template): ReadonlyMap<string, number> {
  const limits = Object.entries(template.Resources ?? {}).flatMap(([id, resource]) => {
    const limit = resource.Properties?.['ReservedConcurrentExecutions'];
    const isNumber =
      typeof limit === 'number' || (typeof limit === 'string' && /^\d+$/.test(limit));
    return resource.Type === 'AWS::Lambda::Function' && isNumber
      ? [[id, Number(limit)] as const]
      : [];
  });
  return new Map(limits);
}

export interface ConcurrencyKeeperOptions {
  /** Clients of the emulator. */
  readonly cloudFormation: CloudFormationClient;
  readonly lambda: LambdaClient;
}

/**
 * Gives the deployed functions the reserved concurrency of their template, which the emulator
 * leaves out.
 */
export class ConcurrencyKeeper {
  /** Logical ids by stack. */
  private readonly limited = new Map<string, readonly string[]>();

  constructor(private readonly options: ConcurrencyKeeperOptions) {}

  /** Makes the limits of a stack equal to those of the template that was deployed last. */
  async apply(stackName: string, template: Template): Promise<void> {
    const { lambda } = this.options;
    const limits = reservedConcurrency(template);
    for (const [id, ReservedConcurrentExecutions] of limits) {
      const FunctionName = await this.functionName(stackName, id);
      await lambda.send(
        new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }),
      );
    }
    const freed = (this.limited.get(stackName) ?? []).filter(
      (id) => !limits.has(id) && template.Resources?.[id] !== undefined,
    );
    for (const id of freed) {
      const FunctionName = await this.functionName(stackName, id);
      await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    }
    this.limited.set(stackName, [...limits.keys()]);
  }

  /** Forgets a stack that is deleted. */
  remove(stackName: string): void {
    this.limited.delete(stackName);
  }

  private async functionName(stackName: string, logicalId: string): Promise<string> {
    const reply = await this.options.cloudFormation.send(
      new DescribeStackResourceCommand({ StackName: stackName, LogicalResourceId: logicalId }),
    );
    return reply.StackResourceDetail?.PhysicalResourceId ?? '';
  }
}
