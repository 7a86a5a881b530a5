import type { PublishMetrics } from '../adapters/aws/publish-metrics';
import type { StatsSource } from '../adapters/xmpp/stats-source';
import type { Collected } from '../core/protocol/collected';
import { collectorUser, type ServerNames } from '../core/protocol/xmpp-names';
import type { StatsContext } from '../core/stats/stats';
import { readStatsItem, type StatsItem } from '../core/stats/stats-component';
import { readBreweryPresence, type BreweryPresence } from '../core/stats/stats-muc';
import type { CollectorEnv } from './env';
import { Gatherer, type Gathered } from './gather';
import { measurementsOf } from './measurements';

/**
 * What the collector needs to log in; all of it comes from SSM, names only where the config has
 * none.
 */
export interface Credentials {
  readonly names: ServerNames;
  readonly password: string;
  /** Of the certificate that Server A must show. */
  readonly fingerprint: string;
}

export interface CollectorPorts {
  /** Undefined until the registrar made the account and pinned the certificate. */
  readonly credentials: () => Promise<Credentials | undefined>;
  readonly listen: (names: ServerNames) => StatsSource;
  readonly publish: PublishMetrics;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export type CollectOutcome =
  | { readonly result: 'notRegisteredYet' }
  | ({ readonly result: 'published' } & Gathered & Collected);

/** What one run leaves to the next in the same container: who reported; undefined = no run yet. */
export type KnownBridges = ReadonlySet<string> | undefined;

/** The room hides addresses from us: that is no silence of the bridges. */
export class HiddenAddressesError extends Error {
  override readonly name = 'HiddenAddressesError';
}

/**
 * Shortest time to listen: the slowest bridge that is served reports every 5 s, so a newcomer is
 * heard even when everyone who is known has reported at once.
 */
const minimumSeconds = 6;

/**
 * Listens for one window and publishes what was heard. When the stats could not be read nothing is
 * published, as absent is absent, and the error escapes.
 */
export async function collect(
  ports: CollectorPorts,
  env: CollectorEnv,
  known: KnownBridges,
): Promise<CollectOutcome> {
  const credentials = await ports.credentials();
  if (credentials === undefined) return { result: 'notRegisteredYet' };
  const gatherer = new Gatherer();
  const heardFrom = Math.floor(ports.now() / 1000);
  const { names, password, fingerprint } = credentials;
  await ports.listen(names)(
    {
      host: env.xmppHost,
      port: env.xmppPort,
      domain: names.authHost,
      username: collectorUser,
      password,
      fingerprint,
    },
    {
      windowSeconds: env.windowSeconds,
      minimumSeconds,
      onHeard: (heard) =>
        gather(gatherer, heard, { ...env, accountsHost: names.authHost, now: ports.now() }),
      enough: () => known !== undefined && gatherer.hasAll(known),
    },
  );
  const gathered = gatherer.result();
  if (gathered.reports.length === 0 && gathered.rejected.hiddenAddress !== undefined)
    throw new HiddenAddressesError(
      "the brewery does not say whose nicknames it has, so nobody there can be believed: run the prepare document again, or set muc_room_default_public_jids = true for the room's component in Prosody",
    );
  const time = new Date(ports.now());
  await ports.publish(measurementsOf(env.fleet, gathered), time);
  const minute = Math.floor(time.getTime() / 60_000) * 60;
  return { result: 'published', ...gathered, minute, heardFrom };
}

function gather(
  gatherer: Gatherer,
  heard: StatsItem | BreweryPresence,
  context: StatsContext,
): void {
  if (heard.kind === 'item') gatherer.add(readStatsItem(heard, context));
  else if (heard.moment === 'live') gatherer.add(readBreweryPresence(heard, context));
  else gatherer.addRepeated(readBreweryPresence(heard, context));
}
