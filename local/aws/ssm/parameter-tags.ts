import { ListTagsForResourceCommand, type SSMClient } from '@aws-sdk/client-ssm';

/** Tags of a parameter of the emulator; none for one that is not there. */
export async function readParameterTags(
  ssm: SSMClient,
  name: string,
): Promise<ReadonlyMap<string, string>> {
  const query = new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: name });
  try {
    const { TagList = [] } = await ssm.send(query);
    return new Map(TagList.map(({ Key = '', Value = '' }) => [Key, Value]));
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('InvalidResourceId')) return new Map();
    throw error;
  }
}
