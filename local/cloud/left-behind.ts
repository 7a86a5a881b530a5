import type { EC2Client } from '@aws-sdk/client-ec2';
import { paginateGetParametersByPath, type SSMClient } from '@aws-sdk/client-ssm';

import { bridgeName } from '../../lambdas/core/protocol/xmpp-names';
import { instanceIdOfSecret, parameterNames } from '../../lambdas/core/protocol/parameters';
import type { MachineHost } from '../machines/machine-host';
import { cloud } from './addresses';
import { fleetInstances, isLive } from './read-cloud';
import { onServerA, type ServerKind } from './server-a';
import { containers, prosodyContainer } from './server-of-containers';

/**
 * What EC2, SSM and Prosody still hold for bridges other than the given ones: instances that are
 * not gone, secrets, blocks in Prosody's config, and hosts that Prosody serves. Empty when all is
 * as it should be.
 */
export async function leftBehind(
  clients: {
    readonly ec2: EC2Client;
    readonly ssm: SSMClient;
    readonly machines: MachineHost;
    readonly server: ServerKind;
  },
  keptInstanceIds: readonly string[],
): Promise<readonly string[]> {
  const kept = new Set(keptInstanceIds);
  const keptNames = new Set(keptInstanceIds.map(bridgeName));
  const [instances, secrets, hosts] = await Promise.all([
    fleetInstances(clients.ec2),
    secretNames(clients.ssm),
    prosodyHosts(clients.machines, clients.server),
  ]);
  return [
    ...instances
      .filter((instance) => isLive(instance) && !kept.has(instance.InstanceId ?? ''))
      .map(({ InstanceId, State }) => `ec2 ${InstanceId ?? '?'} ${State?.Name ?? '?'}`),
    ...secrets
      .filter((name) => !kept.has(instanceIdOfSecret(cloud.fleet, name) ?? ''))
      .map((name) => `ssm ${name}`),
    ...hosts.filter((name) => !keptNames.has(name)).map((name) => `prosody ${name}`),
  ];
}

async function secretNames(client: SSMClient): Promise<readonly string[]> {
  const names: string[] = [];
  const query = { Path: parameterNames(cloud.fleet).bridges, Recursive: true };
  for await (const page of paginateGetParametersByPath({ client }, query)) {
    names.push(...(page.Parameters ?? []).flatMap(({ Name }) => Name ?? []));
  }
  return names;
}

const lookInto: Readonly<Record<ServerKind, string>> = {
  packages: `cat /etc/prosody/jitsi-bridges/*.bridges.cfg.lua 2>/dev/null | grep Component || true
     printf '%s\\n' 'host:list()' 'user:list("auth.${cloud.domain}", "jvb-")' | prosodyctl shell`,
  docker: `docker exec -i ${prosodyContainer} sh -c 'cat ${containers.configuration}/conf.d/jitsi-bridges*' | grep Component || true
     printf '%s\\n' 'host:list()' 'user:list("${containers.authHost}", "jvb-")' |
       docker exec -i ${prosodyContainer} prosodyctl --config ${containers.configuration}/prosody.cfg.lua shell`,
};

/**
 * Bridges' names in Prosody's config, among the hosts that it serves now, and among its accounts.
 */
async function prosodyHosts(machines: MachineHost, server: ServerKind): Promise<readonly string[]> {
  const text = await onServerA(machines, lookInto[server]);
  return [...new Set(text.match(/jvb-[0-9a-f]{8,17}/g) ?? [])].sort();
}
