import type { Measurement } from '../../../lambdas/adapters/aws/publish-metrics';
import { statsOfBrewery } from '../../../lambdas/adapters/xmpp/stats-brewery';
import { statsOfNode } from '../../../lambdas/adapters/xmpp/stats-node';
import { collect, type KnownBridges } from '../../../lambdas/collector/collect';
import { authHost, breweryRoom } from '../../../lambdas/core/protocol/xmpp-names';
import { domain } from './prosody';

export interface Run {
  readonly generation: 'component' | 'muc';
  readonly port: number;
  readonly fingerprint: string;
  readonly password: string;
  /** @default 2 */
  readonly windowSeconds?: number;
  readonly known?: KnownBridges;
}

/** One run of the collector against a Prosody on loopback, with what it would give CloudWatch. */
export async function runCollector(run: Run) {
  const published: Measurement[] = [];
  const { port, fingerprint, password, generation } = run;
  const names = { authHost: authHost(domain), brewery: breweryRoom(domain) };
  const collected = await collect(
    {
      credentials: () => Promise.resolve({ names, password, fingerprint }),
      listen: ({ brewery }) =>
        generation === 'component' ? statsOfNode(domain) : statsOfBrewery(brewery),
      publish: (measurements) => {
        published.push(...measurements);
        return Promise.resolve();
      },
      now: Date.now,
    },
    {
      ...{ fleet: 'local', domain, generation, names },
      ...{ xmppHost: '127.0.0.1', xmppPort: port },
      ...{ windowSeconds: run.windowSeconds ?? 2, maxPacketRate: 50800 },
    },
    run.known,
  );
  return { collected, published };
}
