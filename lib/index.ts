/** What the package exports. */
export { BridgeFleet, type FleetMetricName } from './bridge-fleet';
export { ConfigError } from './config/parse-config';
export type { CommandDocument, CommandDocuments } from './documents';
export type * from './fleet-props';
export { FleetStack } from './fleet-stack';
