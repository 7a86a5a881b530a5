import { parseConfig } from '../../../lib/config/parse-config';
import { fleetSchema } from '../../../lib/config/schema';
import { bridgeUserData } from '../../../lib/user-data';
import { smallestFleet } from '../../lib/config/example-config';

/**
 * The user data that a deployment makes, for the repository and the addresses of `boot-world.ts`.
 */
export function userDataOf(generation: 'component' | 'muc', keyFingerprint: string): string {
  const config = parseConfig(
    fleetSchema,
    {
      ...smallestFleet,
      generation,
      fleet: 'local',
      domain: 'meet.test',
      server: { ...smallestFleet.server, privateAddress: '10.213.0.1' },
      packages: {
        url: 'http://10.213.0.1:8090',
        keyUrl: 'http://10.213.0.1:8090/jitsi-key.gpg.key',
        keyFingerprint,
      },
    },
    'test',
  );
  return bridgeUserData(config, 'us-east-1');
}
