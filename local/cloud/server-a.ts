import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import type { MachineHost } from '../machines/machine-host';
import { cloud, serverA } from './addresses';

const jitsi = resolve(__dirname, '../jitsi');

/** Thrown when Server A could not be set up; carries what the machine said. */
export class ServerSetupFailed extends Error {
  override readonly name = 'ServerSetupFailed';
}

/**
 * What an operator's server is made of, by generation: packages, the script for the rest,
 * services.
 */
const installations = {
  component: {
    packages: ['jitsi-videobridge=1126-1', 'jicofo=1.0-567-1'],
    script: 'server-a/install.sh',
    bridgeService: 'jitsi-videobridge',
  },
  muc: {
    packages: ['jitsi-videobridge2=2.3-307-g4bb0aead1-1', 'jicofo=1.0-1195-1'],
    script: 'server-a/install-today.sh',
    bridgeService: 'jitsi-videobridge2',
  },
} as const;

/** What Jitsi Meet is on Server A: Debian packages, or containers (`muc` only). */
export type ServerKind = 'packages' | 'docker';

/** Generation of Jitsi on Server A and on the bridges. */
export type Generation = keyof typeof installations;

/**
 * Boots Server A and leaves on it what an operator has before there is a fleet: Jitsi Meet as its
 * packages of 2019 (`component`) or of today (`muc`) install it, with Prosody, Jicofo and the
 * default bridge running, none of it prepared.
 */
export async function startServerA(
  machines: MachineHost,
  repository: { readonly url: string; readonly fingerprint: string },
  generation: Generation,
): Promise<void> {
  const { instanceId } = serverA;
  const { packages, script, bridgeService } = installations[generation];
  await machines.launch({ instanceId, privateIpAddress: serverA.address, userData: '' });
  await runScript(machines, join(jitsi, 'packages/install.sh'), [
    repository.url,
    repository.fingerprint,
    cloud.domain,
    ...packages,
  ]);
  await runScript(machines, join(jitsi, script), [cloud.domain]);
  await onServerA(
    machines,
    `systemctl restart prosody && systemctl restart jicofo ${bridgeService}`,
  );
}

/** Runs a command on Server A as its operator would over SSH; its standard output. */
export async function onServerA(
  machines: MachineHost,
  script: string,
  timeoutSeconds = 120,
): Promise<string> {
  const result = await machines.run({ instanceId: serverA.instanceId, script, timeoutSeconds });
  if (result.exitCode !== 0) {
    throw new ServerSetupFailed(
      `Server A: exit code ${result.exitCode}\n${result.stdout.slice(-2000)}\n${result.stderr.slice(-2000)}`,
    );
  }
  return result.stdout;
}

async function runScript(
  machines: MachineHost,
  file: string,
  args: readonly string[],
): Promise<void> {
  const script = await readFile(file, 'utf8');
  const quoted = args.map((argument) => `'${argument.replaceAll("'", "'\\''")}'`).join(' ');
  await onServerA(machines, `set -- ${quoted}\n${script}`);
}
