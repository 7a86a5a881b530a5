import { randomBytes } from 'node:crypto';

import type { ServerMachine } from './server-machine';

/** A bridge's secret as SSM has it. */
export interface BridgeParameter {
  readonly instanceId: string;
  readonly secret: string;
  readonly version: number;
}

export const newSecret = (): string => randomBytes(24).toString('hex');

/** The n-th bridge, with a secret of its own. */
export function bridgeParameter(n: number): BridgeParameter {
  const instanceId = `i-0a${n.toString(16).padStart(15, '0')}`;
  return { instanceId, secret: newSecret(), version: 1 };
}

export const nameOf = ({ instanceId }: BridgeParameter): string => instanceId.replace('i-', 'jvb-');

/** The next version of a bridge's secret. */
export function rotated(bridge: BridgeParameter): BridgeParameter {
  return { ...bridge, secret: newSecret(), version: bridge.version + 1 };
}

/** Makes SSM hold these bridges, the collector's password, and whatever else. */
export function setParameters(
  machine: Pick<ServerMachine, 'output'>,
  collectorPassword: string,
  bridges: readonly BridgeParameter[],
  others: readonly object[] = [],
): void {
  const parameters = [
    { Name: '/jitsi-bridges/local/collector/password', Value: collectorPassword, Version: 1 },
    ...bridges.map(({ instanceId, secret, version }) => ({
      Name: `/jitsi-bridges/local/bridges/${instanceId}/secret`,
      Value: secret,
      Version: version,
    })),
    ...others,
  ];
  machine.output('umask 077; cat >/tmp/parameters.json', JSON.stringify(parameters));
}
