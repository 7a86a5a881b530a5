import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { buildJicofo } from '../jitsi/jicofo/build';
import { buildVideobridge2 } from '../jitsi/videobridge2/build';
import type { MachineHost } from '../machines/machine-host';
import { rootFileSystem } from '../machines/root-file-system';
import { serverA } from './addresses';
import { onServerA } from './server-a';

/**
 * The project's folder on Server A, and what Prosody's hosts are called in it: nobody has told it
 * otherwise.
 */
export const containers = {
  folder: '/root/docker-jitsi-meet',
  domain: 'meet.jitsi',
  authHost: 'auth.meet.jitsi',
  configuration: '/run/prosody/config',
} as const;

/**
 * Boots Server A as a host of containers and leaves on it what an operator of docker-jitsi-meet
 * has before there is a fleet: a project that runs, laid out as the real one, with Prosody's port
 * published nowhere.
 *
 * @param scratch folder in memory for the programs of the images
 */
export async function startServerOfContainers(
  machines: MachineHost,
  scratch: string,
): Promise<void> {
  const programs = join(resolve(scratch), 'jitsi-programs');
  await mkdir(programs, { recursive: true });
  await buildJicofo(join(programs, 'jicofo.js'));
  await buildVideobridge2(join(programs, 'jvb.js'));
  await machines.launch({
    instanceId: serverA.instanceId,
    privateIpAddress: serverA.address,
    userData: '',
    containers: {
      rootFileSystem: rootFileSystem('docker'),
      mounts: [
        { from: resolve(__dirname, '../jitsi/docker'), to: '/opt/local/jitsi-docker' },
        { from: programs, to: '/opt/local/jitsi-programs' },
        { from: rootFileSystem('trixie'), to: '/opt/local/base-rootless' },
      ],
    },
  });
  // Who holds meetings is outside the containers; on a real server nobody but their host reaches
  // Jicofo's port.
  await onServerA(
    machines,
    `/opt/local/jitsi-docker/install.sh rootless ${containers.folder} JICOFO_REST_ADDRESS=${serverA.address}`,
    240,
  );
  await onServerA(
    machines,
    `for n in $(seq 300); do
       docker logs $(docker ps -q --filter label=com.docker.compose.service=jicofo) 2>&1 | grep -F ' in jvbbrewery@' >/dev/null && exit
       sleep 0.2
     done
     echo 'Jicofo is not in its room' >&2
     exit 1`,
  );
}

/** What `docker exec` calls Prosody's container, in a shell on Server A. */
export const prosodyContainer = '$(docker ps -q --filter label=com.docker.compose.service=prosody)';
