import { z } from 'zod';

import type { deploymentSchema } from '../../lib/config/schema';
import { cloud, serverA } from './addresses';
import type { Generation, ServerKind } from './server-a';

/** What a deployment to the embedded cloud may choose; everything else follows from the cloud. */
export interface LocalPolicy {
  readonly min: number;
  readonly max: number;
  readonly scaleInPatienceSeconds: number;
  readonly emptySeconds: number;
}

/**
 * A fleet small and quick enough to be watched: a surplus in two ticks drains a bridge, and a
 * bridge that is empty in two retires. Ticks are a minute apart, give or take some seconds.
 */
export const watchablePolicy: LocalPolicy = {
  min: 1,
  max: 5,
  scaleInPatienceSeconds: 45,
  emptySeconds: 45,
};

/** The config that an operator would write for the embedded cloud's Server A and network. */
export function localFleetConfig(
  {
    generation,
    server,
    policy,
  }: {
    readonly generation: Generation;
    readonly server: ServerKind;
    readonly policy: LocalPolicy;
  },
  repository: { readonly url: string; readonly fingerprint: string },
): z.input<typeof deploymentSchema> {
  return {
    fleet: cloud.fleet,
    ...(server === 'packages' ? { domain: cloud.domain } : {}),
    generation,
    region: cloud.region,
    account: cloud.account,
    vpcId: cloud.vpcId,
    bridgeSubnetIds: [...cloud.subnetIds],
    functionSubnetIds: [...cloud.subnetIds],
    egress: 'nat',
    server: {
      kind: server,
      instanceId: serverA.instanceId,
      privateAddress: serverA.address,
      roleName: serverA.roleName,
      securityGroupId: serverA.securityGroupId,
    },
    bridge: { imageId: cloud.imageId },
    packages: {
      url: repository.url,
      keyUrl: `${repository.url}/jitsi-key.gpg.key`,
      keyFingerprint: repository.fingerprint,
    },
    // By the load of now alone: what is shown can be followed in the head.
    policy: { targetStress: 0.6, headroomFactor: 0, forecast: 'shadow', ...policy },
  };
}
