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
 * Boots Server A and leaves on it what an operator has before there is a fleet: Jitsi Meet as its packages of
 * 2019 install it, with Prosody, Jicofo and the default bridge running, none of it prepared.
 */
export async function startServerA(
  machines: MachineHost,
  repository: { readonly url: string; readonly fingerprint: string },
): Promise<void> {
  const { instanceId } = serverA;
  await machines.launch({ instanceId, privateIpAddress: serverA.address, userData: '' });
  await runScript(machines, join(jitsi, 'packages/install.sh'), [
    repository.url,
    repository.fingerprint,
    cloud.domain,
  ]);
  await runScript(machines, join(jitsi, 'server-a/install.sh'), [cloud.domain]);
  await onServerA(
    machines,
    'systemctl restart prosody && systemctl restart jicofo jitsi-videobridge',
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
