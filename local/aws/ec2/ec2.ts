import type { Ids } from '../ids';
import type { MachineHost } from '../../machines/machine-host';
import type { Behaviour } from '../behaviour';
import type { Chance } from '../chance';
import type { Clock } from '../clock';
import type { Images } from './images';
import type { Launcher } from './launcher';
import type { LaunchTemplateSource } from './launch-templates';
import type { Ec2Model } from './model';
import type { ServiceRoles } from './service-roles';

/** What the EC2 handlers work with. */
export interface Ec2 {
  readonly model: Ec2Model;
  readonly launcher: Launcher;
  readonly images: Images;
  readonly templates: LaunchTemplateSource;
  readonly machines: MachineHost;
  readonly serviceRoles: ServiceRoles;
  readonly behaviour: Behaviour;
  readonly chance: Chance;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly accountId: string;
  readonly region: string;
}
