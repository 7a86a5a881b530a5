import type { BridgeInstance } from '../adapters/aws/ec2';
import type { FleetMetrics } from '../adapters/aws/metrics';
import type { State } from '../adapters/aws/state';
import type { LoadHistory } from './load-history';

/** What is read to see the fleet; nothing here changes anything. Tests put fakes here. */
export interface ReadPorts {
  readonly instances: { describe(): Promise<readonly BridgeInstance[]> };
  readonly metrics: Omit<FleetMetrics, 'loads'>;
  readonly history: LoadHistory;
  readonly state: Pick<State, 'readMemory' | 'readOverrides' | 'readImage'>;
  readonly clock: {
    /** Epoch seconds. */
    now(): number;
  };
}
