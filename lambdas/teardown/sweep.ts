import { parameterNames } from '../core/protocol/parameters';
import { emptyFleet } from './empty';
import type { TeardownEnv } from './env';
import type { TeardownPorts } from './ports';
import type { Order } from './request';

/** Server A could not be told that the bridges are gone. */
export class ServerNotSyncedError extends Error {
  override readonly name = 'ServerNotSyncedError';
}

/**
 * A collector that was under way starts the scaler when it has listened, and that one waits for the
 * data: what was under way writes its last within this time. The pause stays until then, since a
 * scaler without it would launch the fleet anew.
 */
const lateSeconds = 60;

/**
 * The rest, when nothing starts a tick any more: bridges that one launched at the last moment,
 * credentials on Server A, and all parameters of the fleet.
 *
 * @throws what `emptyFleet` throws; ServerNotSyncedError, and then the parameters are still there
 */
export async function sweep(
  ports: TeardownPorts,
  env: TeardownEnv,
  calls: Order['calls'],
): Promise<void> {
  const { override } = parameterNames(env.fleet);
  await emptyFleet(ports, env, calls);
  await syncServer(ports, env, calls);
  await removeParameters(ports, (name) => name !== override);
  await ports.clock.sleep(lateSeconds);
  await emptyFleet(ports, env, calls);
  await syncServer(ports, env, calls);
  await removeParameters(ports);
}

async function syncServer(
  ports: TeardownPorts,
  { fleet }: TeardownEnv,
  calls: Order['calls'],
): Promise<void> {
  try {
    await ports.runRegistrar();
  } catch (error) {
    // A server that was never synced, as one that was never prepared, holds nothing of ours.
    const wasSynced = (await ports.parameters.list()).includes(
      parameterNames(fleet).serverCertificate,
    );
    if (wasSynced && calls === 'keep')
      throw new ServerNotSyncedError(
        `Server A still has the credentials of the bridges: ${String(error)}. Repair it, then run cdk ` +
          'destroy again; or leave it as it is: docs/operations.md, Removing a fleet.',
      );
    ports.log('Server A is left as it is', { explanation: String(error) });
  }
}

async function removeParameters(
  { parameters, log }: TeardownPorts,
  isWanted: (name: string) => boolean = () => true,
): Promise<void> {
  const names = (await parameters.list()).filter(isWanted);
  if (names.length === 0) return;
  await parameters.remove(names);
  log('removed', { names });
}
