import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { AwsError } from '../errors';
import type { Access } from '../iam/access';
import type { Authorizer } from '../iam/authorizer';
import { denialMessage } from '../iam/denied';
import type { Principals } from '../principals';
import type { VpcFunctions } from './vpc-functions';

export interface FunctionRightsOptions {
  readonly authorizer: Authorizer;
  readonly principals: Principals;
  /** Of the emulator. */
  readonly lambda: LambdaClient;
  readonly vpc: Pick<VpcFunctions, 'subnetsOf'>;
  readonly accountId: string;
  readonly region: string;
}

/** What Lambda does with a function's own role, and so needs the role to allow. */
export class FunctionRights {
  private readonly logGroups = new Map<string, Promise<string>>();

  constructor(private readonly options: FunctionRightsOptions) {}

  /**
   * A function is about to run: it writes its log, and in a VPC has a network interface. Rejects
   * with `EC2AccessDeniedException` when it may not have one; what it may not log is lost, and in
   * the audit.
   */
  async run(name: string): Promise<void> {
    const { authorizer, principals } = this.options;
    const found = await Promise.all([principals.ofFunction(name), this.logGroupOf(name)]).catch(
      () => undefined,
    );
    // There is no such function: the run itself will say so.
    if (found === undefined) return;
    const [principal, logGroup] = found;
    const subnetIds = this.options.vpc.subnetsOf(name);
    await authorizer.denial(principal, this.logging(logGroup));
    if (subnetIds.length === 0) return;
    const denial = await authorizer.denial(principal, this.interfaces(subnetIds));
    if (denial !== undefined) {
      throw new AwsError('EC2AccessDeniedException', denialMessage(denial), 502);
    }
  }

  /** Whether a function's role may give a record to its destination, a queue or a function. */
  async mayReport(name: string, destinationArn: string): Promise<boolean> {
    const { authorizer, principals } = this.options;
    const isFunction = destinationArn.includes(':lambda:');
    const action = isFunction ? 'lambda:InvokeFunction' : 'sqs:SendMessage';
    const access = { action, resource: destinationArn };
    return (await authorizer.denial(await principals.ofFunction(name), [access])) === undefined;
  }

  private logging(logGroup: string): readonly Access[] {
    const { region, accountId } = this.options;
    const resource = `arn:aws:logs:${region}:${accountId}:log-group:${logGroup}:log-stream:local`;
    return ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, resource }));
  }

  private interfaces(subnetIds: readonly string[]): readonly Access[] {
    const { region, accountId } = this.options;
    const arn = (resource: string): string => `arn:aws:ec2:${region}:${accountId}:${resource}`;
    const own = arn('network-interface/eni-00000000000000000');
    const action = 'ec2:CreateNetworkInterface';
    return [
      { action, resource: own },
      ...subnetIds.map((id) => ({ action, resource: arn(`subnet/${id}`) })),
      { action: 'ec2:DescribeNetworkInterfaces', resource: '*' },
      { action: 'ec2:DescribeSubnets', resource: '*' },
      { action: 'ec2:DeleteNetworkInterface', resource: own },
    ];
  }

  private logGroupOf(name: string): Promise<string> {
    const known = this.logGroups.get(name) ?? this.readLogGroup(name);
    this.logGroups.set(name, known);
    known.catch(() => this.logGroups.delete(name));
    return known;
  }

  private async readLogGroup(FunctionName: string): Promise<string> {
    const query = new GetFunctionConfigurationCommand({ FunctionName });
    const { LoggingConfig } = await this.options.lambda.send(query);
    return LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`;
  }
}
