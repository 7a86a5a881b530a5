import {
  type CloudFormationClient,
  DescribeStacksCommand,
  paginateDescribeStacks,
  type Stack,
} from '@aws-sdk/client-cloudformation';

import type { FleetOutput } from '../lambdas/core/protocol/fleet-outputs';

/**
 * Thrown when no deployed fleet can be told from what the operator gave; the message names the way
 * out.
 */
export class FleetNotFound extends Error {
  override readonly name = 'FleetNotFound';
}

/** A deployed fleet, by the outputs of its stack. */
export interface DeployedFleet {
  readonly fleet: string;
  /** @throws FleetNotFound when the stack has no such output: it is older than this program */
  output(name: FleetOutput): string;
}

/**
 * A fleet of the account and region, in whatever stack it is; without a name there must be exactly one.
 * @throws FleetNotFound when there is none, or more than one to choose from
 */
export async function findFleet(
  client: CloudFormationClient,
  fleet?: string,
): Promise<DeployedFleet> {
  if (fleet !== undefined) {
    const found = await ownStack(client, fleet);
    if (found !== undefined) return found;
  }
  const all = await allFleets(client);
  const meant = all.filter((one) => fleet === undefined || one.fleet === fleet);
  const [only, ...others] = meant;
  if (only !== undefined && others.length === 0) return only;
  const names = all.map((one) => one.fleet).join(', ');
  if (only !== undefined)
    throw new FleetNotFound(`several fleets are deployed (${names}); choose one with --fleet`);
  throw new FleetNotFound(
    fleet === undefined || names === ''
      ? 'no fleet is deployed in this account and region: check AWS_REGION and AWS_PROFILE'
      : `no fleet ${fleet} is deployed in this account and region, only ${names}: check --fleet and AWS_REGION`,
  );
}

/**
 * The function that a command goes to: those that change something to the scaler, the others to
 * the reader.
 */
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

/**
 * By the name that a fleet's own stack has: one call, where an account may have a thousand stacks.
 */
async function ownStack(
  client: CloudFormationClient,
  fleet: string,
): Promise<DeployedFleet | undefined> {
  try {
    const StackName = `JitsiBridges-${fleet}`;
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    return Stacks.flatMap(fleetsOf).find((one) => one.fleet === fleet);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ValidationError')) throw error;
    return undefined;
  }
}

async function allFleets(client: CloudFormationClient): Promise<readonly DeployedFleet[]> {
  const found: DeployedFleet[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {}))
    found.push(...Stacks.flatMap(fleetsOf));
  return found;
}

const nameOutput: FleetOutput = 'FleetName';

/** All outputs of a fleet have the same prefix. */
function fleetsOf({ StackName = '', Outputs = [] }: Stack): readonly DeployedFleet[] {
  const values = new Map(
    Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
  return [...values].flatMap(([key, fleet]) => {
    const prefix = key.slice(0, -nameOutput.length);
    if (!key.endsWith(nameOutput) || !values.has(`${prefix}ScalerFunctionName`)) return [];
    return {
      fleet,
      output(name) {
        const value = values.get(`${prefix}${name}`);
        if (value === undefined)
          throw new FleetNotFound(
            `stack ${StackName} has no output ${prefix}${name}: deploy it again with this version`,
          );
        return value;
      },
    };
  });
}
