import {
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { parameterText } from '../../core/protocol/parameter-text';
import { parameterNames } from '../../core/protocol/parameters';

/**
 * The scaler's parameters, for the length of one tick. SSM has no conditional write: a version
 * that is not the next one after what was read shows afterwards that somebody else wrote in
 * between.
 */
export interface State {
  /** Undefined when nothing was ever stored. */
  readMemory(): Promise<string | undefined>;
  /** `foreign`: stored, but over a value that this tick has not read. */
  writeMemory(text: string): Promise<'written' | 'foreign'>;
  readOverrides(): Promise<string | undefined>;
  writeOverrides(text: string): Promise<void>;
  /** What `jitsi-bridges bake` stored; undefined when there is no prebaked image. */
  readImage(): Promise<string | undefined>;
}

export function stateOf(client: SSMClient, fleet: string): State {
  const names = parameterNames(fleet);
  let memoryVersion: number | undefined;
  return {
    async readMemory() {
      const { value, version } = await get(client, names.memory);
      memoryVersion = version;
      return value;
    },
    async writeMemory(text) {
      const version = await put(client, names.memory, text);
      const isExpected = memoryVersion === undefined || version === memoryVersion + 1;
      memoryVersion = version;
      return isExpected ? 'written' : 'foreign';
    },
    async readOverrides() {
      return (await get(client, names.override)).value;
    },
    async writeOverrides(text) {
      await put(client, names.override, text);
    },
    async readImage() {
      return (await get(client, names.image)).value;
    },
  };
}

/** Version 0 when there is none yet: the first write makes version 1. */
async function get(
  client: SSMClient,
  name: string,
): Promise<{ value: string | undefined; version: number }> {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
    return { value: Parameter?.Value, version: Parameter?.Version ?? 0 };
  } catch (error) {
    if (error instanceof ParameterNotFound) return { value: undefined, version: 0 };
    throw error;
  }
}

/** @param json its texts may hold what others wrote */
async function put(client: SSMClient, name: string, json: string): Promise<number> {
  const { Version } = await client.send(
    new PutParameterCommand({
      Name: name,
      Value: parameterText(json),
      Type: 'String',
      Overwrite: true,
    }),
  );
  return Version ?? 0;
}
