import type { SSMClient } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { parameterNames } from '../../core/protocol/parameters';
import type { ServerNames } from '../../core/protocol/xmpp-names';
import { readParameter, writeParameter } from './parameters';

const host = /^(?=.{1,200}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

/**
 * Names as the server said them: bridges write them into their configuration, so they are nothing
 * but names.
 */
export const serverNamesSchema = z.strictObject({
  authHost: z.string().regex(host, { error: 'is not the name of a host' }),
  brewery: z.string().refine(isRoom, { error: 'is not the address of a room' }),
});

function isRoom(address: string): boolean {
  const [name = '', component = '', ...rest] = address.split('@');
  return rest.length === 0 && /^[\w.-]{1,100}$/.test(name) && host.test(component.toLowerCase());
}

/** What was found on the server; undefined before it was synced for the first time. */
export async function readServerNames(
  client: SSMClient,
  fleet: string,
): Promise<ServerNames | undefined> {
  const value = await readParameter(client, parameterNames(fleet).serverNames);
  return value === undefined ? undefined : serverNamesSchema.parse(JSON.parse(value));
}

/** Stores the names unless they are the stored ones already. */
export async function storeServerNames(
  client: SSMClient,
  fleet: string,
  { authHost, brewery }: ServerNames,
): Promise<'unchanged' | 'stored'> {
  const name = parameterNames(fleet).serverNames;
  const value = JSON.stringify({ authHost, brewery });
  if ((await readParameter(client, name)) === value) return 'unchanged';
  await writeParameter(client, name, value);
  return 'stored';
}
