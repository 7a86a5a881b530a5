import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';

import type { SimulationPorts } from '../cli/simulate/run-simulation';
import { readConfig as readConfigFile } from '../lib/config/read-config';

/** What `simulate` needs of the fleet's config file. */
export const readConfig: SimulationPorts['readConfig'] = (file, change) => {
  const { fleet, region, generation, policy, bridge } = readConfigFile(file, change);
  return { fleet, region, generation, policy, instanceTypes: bridge.instanceTypes };
};

/** Where `simulate` reads the fleet's past from. */
export const cloudWatch: SimulationPorts['cloudWatch'] = (region) =>
  new CloudWatchClient(region === undefined ? {} : { region });
