import {
  DeleteParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';

/**
 * Value of a parameter, a SecureString's in the clear; undefined when there is none of that name.
 */
export async function readParameter(client: SSMClient, name: string): Promise<string | undefined> {
  try {
    const { Parameter } = await client.send(
      new GetParameterCommand({ Name: name, WithDecryption: true }),
    );
    return Parameter?.Value;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}

/** Writes a parameter that is not secret; an older value is replaced. */
export async function writeParameter(
  client: SSMClient,
  name: string,
  value: string,
): Promise<void> {
  await client.send(
    new PutParameterCommand({ Name: name, Value: value, Type: 'String', Overwrite: true }),
  );
}

/** Names of all parameters below a path; values are not asked for in the clear. */
export async function parametersBelow(client: SSMClient, path: string): Promise<readonly string[]> {
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new GetParametersByPathCommand({
        Path: path,
        Recursive: true,
        WithDecryption: false,
        MaxResults: 10,
        NextToken,
      }),
    );
    names.push(...(page.Parameters ?? []).flatMap(({ Name }) => Name ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined && NextToken !== '');
  return names;
}

/** DeleteParameters takes at most this many names. */
const deleteBatch = 10;

/** Deletes parameters; those that are gone already are no error. */
export async function removeParameters(client: SSMClient, names: readonly string[]): Promise<void> {
  for (let start = 0; start < names.length; start += deleteBatch)
    await client.send(
      new DeleteParametersCommand({ Names: names.slice(start, start + deleteBatch) }),
    );
}
