import { Stack, type StackProps, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

import { BridgeFleet } from './bridge-fleet';
import { readConfig } from './config/read-config';
import type { FleetStackProps } from './fleet-props';

/** A stack of its own for one fleet, called `JitsiBridges-<fleet>`. */
export class FleetStack extends Stack {
  readonly fleet: BridgeFleet;

  /**
   * A stack for the fleet that a YAML or JSON file describes (docs/configuration.md).
   * @throws ConfigError if the file cannot be read, or is invalid
   */
  static fromFile(scope: Construct, file: string, props?: StackProps): FleetStack {
    return new FleetStack(scope, readConfig(file), props);
  }

  /** @throws ConfigError if the config is invalid; it names every key and what is wrong */
  constructor(scope: Construct, config: FleetStackProps, props?: StackProps) {
    const { region, account, ...fleetConfig } = config;
    super(scope, `JitsiBridges-${config.fleet}`, {
      description: `Jitsi bridges for ${config.domain ?? config.server.instanceId}`,
      env: {
        ...(region === undefined ? {} : { region }),
        ...(account === undefined ? {} : { account }),
      },
      ...props,
    });
    this.fleet = new BridgeFleet(this, 'Fleet', fleetConfig);
    // CloudFormation passes tags of the stack on to what it creates, as CDK does; here they are
    // also on the stack itself.
    for (const [key, value] of Object.entries(config.tags ?? {})) Tags.of(this).add(key, value);
  }
}
