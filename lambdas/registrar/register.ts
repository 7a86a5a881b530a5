import { createHash } from 'node:crypto';
import type { RunCommand } from '../adapters/aws/run-command';
import type { BridgeInstance } from '../adapters/aws/ec2';
import type { Existence } from '../adapters/aws/instance-existence';
import type { Secrets } from '../adapters/aws/secrets';
import type { ServerCertificate } from '../adapters/aws/server-certificate';
import { digestInput } from '../core/protocol/documents';
import { sortByOrigin, type ForeignInstance } from '../core/protocol/origin';
import { tagKeys } from '../core/protocol/tags';
import type { ServerNames } from '../core/protocol/xmpp-names';
import type { RegistrarEnv } from './env';
import { instanceArn, type Account } from './owner';
import { notRotatable, removable, withoutInstance, withoutSecret } from './secret-changes';
import { syncServer } from './sync';

/** The remote systems of one run. */
export interface RegistrarPorts {
  /** Instances with the fleet's tag that EC2 lists, terminated ones left out. */
  readonly instances: () => Promise<readonly BridgeInstance[]>;
  /** What EC2 says of instances by id. */
  readonly existence: (ids: readonly string[]) => Promise<ReadonlyMap<string, Existence>>;
  readonly secrets: Secrets;
  readonly runCommand: RunCommand;
  readonly pin: (certificate: ServerCertificate) => Promise<unknown>;
  /** Hands the names that were found on the server on to bridges and collector. */
  readonly storeNames: (names: ServerNames) => Promise<unknown>;
  readonly tag: (ids: readonly string[], tags: Readonly<Record<string, string>>) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface Registration {
  /** Instances that got the tag in this run. */
  readonly registered: readonly string[];
  /** Instances whose secret was deleted in this run. */
  readonly removed: readonly string[];
  /** Bridges that Prosody has credentials for. */
  readonly bridges: number;
  readonly digest: string;
  /** Instances that carry the fleet's tag, and that the fleet did not launch: left alone. */
  readonly foreign?: readonly ForeignInstance[];
  /** Bridges that have a session on Prosody; absent where Server A does not tell. */
  readonly connected?: number;
  /**
   * Running bridges, registered before this run, that have none: booting, stopped, or unable to
   * log in.
   */
  readonly unconnected?: readonly string[];
}

/**
 * A secret is rotated only for a bridge that has one and is tagged as draining: a restart follows.
 */
export class NotRotatableError extends Error {
  override readonly name = 'NotRotatableError';
}

/**
 * Server A has other credentials than SSM, for example because a secret was added or deleted
 * meanwhile. The next run repairs it.
 */
export class DigestMismatchError extends Error {
  override readonly name = 'DigestMismatchError';
}

/**
 * Makes Prosody's credentials equal to the live bridges, always the whole set: secrets first, then
 * the sync, and the tag that lets a bridge start only when Server A has said that it holds exactly
 * the wanted set. It may die between any two calls; the next run does what is left.
 *
 * @param rotate instances whose secret is replaced first; their bridges are restarted by the caller
 * @throws NotRotatableError, and then nothing has changed; ServerUnreachableError, SyncFailedError, DigestMismatchError; then nothing is tagged
 */
export async function register(
  ports: RegistrarPorts,
  env: RegistrarEnv,
  account: Account,
  rotate: readonly string[] = [],
): Promise<Registration> {
  // Secrets before instances: an instance launched in between is merely one without a secret.
  const before = await ports.secrets.list();
  const { ours: instances, foreign } = sortByOrigin(await ports.instances(), env.fleet, env.origin);
  const fixed = notRotatable(rotate, instances, before);
  if (fixed.length > 0)
    throw new NotRotatableError(`not draining, or without a secret: ${fixed.join(', ')}`);
  const suspects = withoutInstance(instances, before);
  const existence = await ports.existence(suspects.map(({ instanceId }) => instanceId));
  const removed = removable(suspects, existence, ports.now());

  await ports.secrets.makeCollectorPassword();
  for (const instanceId of withoutSecret(instances, before))
    await ports.secrets.make(instanceId, instanceArn(account, instanceId));
  for (const instanceId of rotate) await ports.secrets.renew(instanceId);
  await ports.secrets.remove(removed);

  const wanted = await ports.secrets.list();
  const digest = createHash('sha256').update(digestInput(wanted)).digest('hex').slice(0, 16);
  const synced = await syncServer(ports.runCommand, env);
  if (synced.digest !== digest)
    throw new DigestMismatchError(
      `Server A holds ${synced.digest} (${synced.bridgeCount} bridges), wanted ${digest} (${wanted.length})`,
    );

  // Names first: who finds the certificate finds them, too.
  if (synced.names !== undefined) await ports.storeNames(synced.names);
  await ports.pin(synced.certificate);
  const held = new Set(wanted.map(({ instanceId }) => instanceId));
  const registered = instances.filter(({ instanceId }) => held.has(instanceId)).filter(isUntagged);
  const ids = registered.map(({ instanceId }) => instanceId);
  const time = new Date(ports.now()).toISOString();
  await ports.tag(ids, { [tagKeys.registered]: `${time} ${digest}` });
  return {
    ...{ registered: ids, removed, bridges: synced.bridgeCount, digest },
    ...(foreign.length === 0 ? {} : { foreign }),
    ...(synced.connected && sessions(synced.connected, instances)),
  };
}

function sessions(connected: readonly string[], instances: readonly BridgeInstance[]) {
  const unconnected = instances
    .filter(({ state, tags }) => state === 'running' && tags[tagKeys.registered] !== undefined)
    .map(({ instanceId }) => instanceId)
    .filter((instanceId) => !connected.includes(instanceId));
  return { connected: connected.length, unconnected };
}

function isUntagged({ state, tags }: BridgeInstance): boolean {
  return (state === 'pending' || state === 'running') && tags[tagKeys.registered] === undefined;
}
