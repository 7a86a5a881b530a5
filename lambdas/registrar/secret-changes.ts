import type { BridgeInstance } from '../adapters/aws/ec2';
import type { Existence } from '../adapters/aws/instance-existence';
import type { StoredSecret } from '../adapters/aws/secrets';
import { tagKeys } from '../core/protocol/tags';

/** EC2 shows a young instance late in some places: so long its secret outlives its absence. */
const youthMs = 10 * 60 * 1000;

/** Instances that need a secret and have none. */
export function withoutSecret(
  instances: readonly BridgeInstance[],
  secrets: readonly StoredSecret[],
): readonly string[] {
  const have = new Set(secrets.map(({ instanceId }) => instanceId));
  return instances
    .filter(({ state }) => state === 'pending' || state === 'running')
    .map(({ instanceId }) => instanceId)
    .filter((id) => !have.has(id));
}

/** Secrets whose instance is not in the fleet's list: to be checked by id. */
export function withoutInstance(
  instances: readonly BridgeInstance[],
  secrets: readonly StoredSecret[],
): readonly StoredSecret[] {
  const listed = new Set(instances.map(({ instanceId }) => instanceId));
  return secrets.filter(({ instanceId }) => !listed.has(instanceId));
}

/**
 * Which of the suspects may be deleted. Deleting a secret deactivates its component and ends the
 * calls, so it goes only when EC2 says that the instance is terminated, or has not known it for
 * long. One that is shutting down or has lost its tag keeps its secret.
 */
export function removable(
  suspects: readonly StoredSecret[],
  existence: ReadonlyMap<string, Existence>,
  now: number,
): readonly string[] {
  return suspects
    .filter(({ instanceId, modifiedAt }) => {
      const state = existence.get(instanceId) ?? 'unknown';
      return state === 'terminated' || (state === 'unknown' && now - modifiedAt > youthMs);
    })
    .map(({ instanceId }) => instanceId);
}

/**
 * Which of some instances must keep their secret. A bridge goes on with the one that it was
 * started with until its connection breaks, and is then refused: only one that drains, and is
 * restarted next, may get another.
 */
export function notRotatable(
  instanceIds: readonly string[],
  instances: readonly BridgeInstance[],
  secrets: readonly StoredSecret[],
): readonly string[] {
  const have = new Set(secrets.map(({ instanceId }) => instanceId));
  const drain = new Set(
    instances
      .filter(({ tags }) => tags[tagKeys.drain] !== undefined)
      .map(({ instanceId }) => instanceId),
  );
  return instanceIds.filter((id) => !have.has(id) || !drain.has(id));
}
