import { randomInt } from 'node:crypto';
import {
  GetParametersByPathCommand,
  ListTagsForResourceCommand,
  ParameterAlreadyExists,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import {
  bridgeSecretName,
  instanceIdOfSecret,
  parameterNames,
  secretOwnerTag,
} from '../../core/protocol/parameters';
import { tagKeys } from '../../core/protocol/tags';
import { removeParameters } from './parameters';

/** A bridge's secret as far as anyone but the bridge and Server A needs to know it. */
export interface StoredSecret {
  readonly instanceId: string;
  /** Grows with each rotation. */
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
}

/**
 * The fleet's secrets. No method reads a value: who makes secrets need not know them afterwards.
 */
export interface Secrets {
  list(): Promise<readonly StoredSecret[]>;
  /** Makes the secret of one instance; one that was there already is left as it is. */
  make(instanceId: string, ownerArn: string): Promise<'made' | 'existed'>;
  /** Replaces the secret of an instance by a new one; its tags stay. */
  renew(instanceId: string): Promise<void>;
  /** Makes the collector's password; one that was there already is left as it is. */
  makeCollectorPassword(): Promise<'made' | 'existed'>;
  /** Deletes secrets of instances; those that are gone already are no error. */
  remove(instanceIds: readonly string[]): Promise<void>;
}

export function secretsOf(client: SSMClient, fleet: string): Secrets {
  const make = async (name: string, tags: Readonly<Record<string, string>>) => {
    try {
      await client.send(
        new PutParameterCommand({
          Name: name,
          Value: randomSecret(),
          Type: 'SecureString',
          Overwrite: false,
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        }),
      );
      return 'made';
    } catch (error) {
      if (error instanceof ParameterAlreadyExists) return 'existed';
      throw error;
    }
  };
  return {
    list: () => listSecrets(client, fleet),
    make: (instanceId, ownerArn) =>
      make(bridgeSecretName(fleet, instanceId), {
        [tagKeys.fleet]: fleet,
        [secretOwnerTag]: ownerArn,
      }),
    renew: async (instanceId) => {
      await client.send(
        new PutParameterCommand({
          Name: bridgeSecretName(fleet, instanceId),
          Value: randomSecret(),
          Type: 'SecureString',
          Overwrite: true,
        }),
      );
    },
    makeCollectorPassword: () =>
      make(parameterNames(fleet).collectorPassword, { [tagKeys.fleet]: fleet }),
    remove: (instanceIds) =>
      removeParameters(
        client,
        instanceIds.map((instanceId) => bridgeSecretName(fleet, instanceId)),
      ),
  };
}

async function listSecrets(client: SSMClient, fleet: string): Promise<readonly StoredSecret[]> {
  const secrets: StoredSecret[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new GetParametersByPathCommand({
        Path: parameterNames(fleet).bridges,
        Recursive: true,
        WithDecryption: false,
        MaxResults: 10,
        NextToken,
      }),
    );
    for (const { Name = '', Version = 1, LastModifiedDate } of page.Parameters ?? []) {
      const instanceId = instanceIdOfSecret(fleet, Name);
      if (instanceId !== undefined)
        secrets.push({
          instanceId,
          version: Version,
          modifiedAt: LastModifiedDate?.getTime() ?? 0,
        });
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined && NextToken !== '');
  return secrets;
}

/** What SSM, and what the local cloud says of a parameter that is not there. */
const unknownParameter = ['InvalidResourceId', 'ParameterNotFound'];

/** Whether an instance has a secret; told by its tags, which need no right to read values. */
export async function hasSecret(
  client: SSMClient,
  fleet: string,
  instanceId: string,
): Promise<boolean> {
  try {
    await client.send(
      new ListTagsForResourceCommand({
        ResourceType: 'Parameter',
        ResourceId: bridgeSecretName(fleet, instanceId),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && unknownParameter.includes(error.name)) return false;
    throw error;
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** 40 characters, 238 bits; alphanumeric, since JVB's start script expands it in a shell. */
function randomSecret(): string {
  return Array.from({ length: 40 }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
