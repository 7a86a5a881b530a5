import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

import { fleetOutputs, type FleetOutput } from '../lambdas/core/protocol/fleet-outputs';

/** One value per output, and a sentence about it. */
export type OutputValues = Readonly<Record<FleetOutput, readonly [value: string, text: string]>>;

/**
 * What the stack tells of a fleet, for the command line and the operator's notes. The names begin
 * with the path of the fleet in its stack, so that several fleets fit into one; a fleet called
 * `Fleet` has plain names.
 */
export class FleetOutputs extends Construct {
  constructor(scope: Construct, id: string, values: OutputValues) {
    super(scope, id);
    const prefix = prefixOf(scope);
    for (const name of fleetOutputs) {
      const [value, description] = values[name];
      new CfnOutput(this, name, { value, description }).overrideLogicalId(`${prefix}${name}`);
    }
  }
}

function prefixOf(fleet: Construct): string {
  const above = Stack.of(fleet).node.scopes.length;
  const path = fleet.node.scopes.slice(above).map(({ node }) => node.id);
  const name = path.join('').replace(/[^A-Za-z0-9]/g, '');
  return name === 'Fleet' ? '' : name;
}
