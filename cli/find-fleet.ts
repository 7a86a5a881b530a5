import {
  type CloudFormationClient,
  DescribeStacksCommand,
  paginateDescribeStacks,
  type Stack,
} from '@aws-sdk/client-cloudformation';

const stackPrefix = 'JitsiBridges-';

/** Thrown when no deployed fleet can be told from what the operator gave; the message names the way out. */
export class FleetNotFound extends Error {
  override readonly name = 'FleetNotFound';
}

/** A deployed fleet, by its stack. */
export interface DeployedFleet {
  readonly fleet: string;
  /**
   * Value of the output whose name ends so.
   * @throws FleetNotFound when the stack has none: it is older than this program
   */
  output(name: string): string;
}

/**
 * A fleet by the stack `JitsiBridges-<fleet>`. Without a fleet's name there must be exactly one such stack
 * in the account and region.
 *
 * @throws FleetNotFound when there is none, or more than one to choose from
 */
export async function findFleet(
  client: CloudFormationClient,
  fleet?: string,
): Promise<DeployedFleet> {
  const stack = fleet === undefined ? await onlyStack(client) : await stackOf(client, fleet);
  return {
    fleet: stack.StackName?.slice(stackPrefix.length) ?? '',
    output(name) {
      const value = stack.Outputs?.find(({ OutputKey }) => OutputKey?.endsWith(name))?.OutputValue;
      if (value === undefined)
        throw new FleetNotFound(
          `stack ${stack.StackName ?? '?'} has no output ${name}; deploy it again with this version`,
        );
      return value;
    },
  };
}

/** The function that a command goes to: those that change something to the scaler, the others to the reader. */
export type FunctionRole = 'scaler' | 'reader';

const outputOf = { scaler: 'ScalerFunctionName', reader: 'ReaderFunctionName' } as const;

/** Name of one of a deployed fleet's functions. @throws FleetNotFound */
export async function findFunction(
  client: CloudFormationClient,
  role: FunctionRole,
  fleet?: string,
): Promise<string> {
  return (await findFleet(client, fleet)).output(outputOf[role]);
}

async function stackOf(client: CloudFormationClient, fleet: string): Promise<Stack> {
  const StackName = `${stackPrefix}${fleet}`;
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
    if (Stacks?.[0] !== undefined) return Stacks[0];
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ValidationError')) throw error;
  }
  throw new FleetNotFound(
    `no stack ${StackName} in this account and region; check --fleet and AWS_REGION`,
  );
}

async function onlyStack(client: CloudFormationClient): Promise<Stack> {
  const found: Stack[] = [];
  for await (const page of paginateDescribeStacks({ client }, {})) {
    found.push(
      ...(page.Stacks ?? []).filter(({ StackName }) => StackName?.startsWith(stackPrefix)),
    );
  }
  const [only, ...others] = found;
  if (only === undefined) {
    throw new FleetNotFound('no fleet is deployed in this account and region; check AWS_REGION');
  }
  if (others.length > 0) {
    const names = found.map(({ StackName }) => StackName?.slice(stackPrefix.length)).join(', ');
    throw new FleetNotFound(`several fleets are deployed (${names}); choose one with --fleet`);
  }
  return only;
}
