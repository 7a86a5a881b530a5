import type { MachineHost } from '../../machines/machine-host';
import type { Clock } from '../clock';
import type { Ec2Model } from '../ec2/model';
import type { Ids } from '../ids';
import type { Faults } from '../faults';
import type { Agents } from './agents';
import type { CommandStore } from './commands';
import type { DocumentStore } from './documents';

/** What the SSM handlers work with. */
export interface Ssm {
  readonly documents: DocumentStore;
  readonly commands: CommandStore;
  readonly model: Ec2Model;
  readonly machines: MachineHost;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly agents: Agents;
  readonly accountId: string;
  readonly faults: Faults;
}
