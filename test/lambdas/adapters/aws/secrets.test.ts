import {
  DeleteParametersCommand,
  GetParametersByPathCommand,
  ListTagsForResourceCommand,
  ParameterAlreadyExists,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { hasSecret, secretsOf } from '../../../../lambdas/adapters/aws/secrets';

const ssm = mockClient(SSMClient);
beforeEach(() => ssm.reset());
const secrets = secretsOf(new SSMClient(), 'blue');
const path = '/jitsi-bridges/blue';
const arn = 'arn:aws:ec2:eu-west-1:123456789012:instance/i-0aaaaaaaa';

test('lists every page without decrypting, and nothing that is not a bridge’s secret', async () => {
  const modified = new Date('2026-01-01T00:00:00Z');
  const named = (Name: string, Version: number) => ({ Name, Version, LastModifiedDate: modified });
  ssm
    .on(GetParametersByPathCommand)
    .resolvesOnce({ Parameters: [named(`${path}/bridges/i-0aaaaaaaa/secret`, 1)], NextToken: 'n' })
    .resolvesOnce({ Parameters: [], NextToken: 'm' })
    .resolvesOnce({
      Parameters: [
        named(`${path}/bridges/i-0bbbbbbbb/secret`, 3),
        named(`${path}/bridges/i-0cccccccc/other`, 1),
        named(`${path}/bridges/notes`, 1),
      ],
    });
  await expect(secrets.list()).resolves.toEqual([
    { instanceId: 'i-0aaaaaaaa', version: 1, modifiedAt: modified.getTime() },
    { instanceId: 'i-0bbbbbbbb', version: 3, modifiedAt: modified.getTime() },
  ]);
  const inputs = ssm.commandCalls(GetParametersByPathCommand).map(({ args }) => args[0].input);
  expect(inputs.map(({ NextToken }) => NextToken)).toEqual([undefined, 'n', 'm']);
  for (const input of inputs)
    expect(input).toMatchObject({ Path: `${path}/bridges`, WithDecryption: false });
});

test('makes a SecureString of 40 alphanumeric characters that carries its owner', async () => {
  ssm.on(PutParameterCommand).resolves({ Version: 1 });
  await expect(secrets.make('i-0aaaaaaaa', arn)).resolves.toBe('made');
  await expect(secrets.make('i-0bbbbbbbb', arn)).resolves.toBe('made');
  const [first, second] = ssm.commandCalls(PutParameterCommand).map(({ args }) => args[0].input);
  expect(first).toMatchObject({
    Name: `${path}/bridges/i-0aaaaaaaa/secret`,
    Type: 'SecureString',
    Overwrite: false,
    Tags: [
      { Key: 'bridges:fleet', Value: 'blue' },
      { Key: 'bridges:instance', Value: arn },
    ],
  });
  expect(first?.Value).toMatch(/^[A-Za-z0-9]{40}$/);
  expect(second?.Value).not.toBe(first?.Value);
});

test('replaces a secret, whose tags stay as SSM keeps them', async () => {
  ssm.on(PutParameterCommand).resolves({ Version: 2 });
  await secrets.renew('i-0aaaaaaaa');
  const input = ssm.commandCalls(PutParameterCommand)[0]?.args[0].input;
  expect(input).toEqual({
    Name: `${path}/bridges/i-0aaaaaaaa/secret`,
    Type: 'SecureString',
    // SSM refuses tags together with Overwrite.
    Overwrite: true,
    Value: expect.stringMatching(/^[A-Za-z0-9]{40}$/) as unknown,
  });
});

test('leaves a secret that is there already', async () => {
  ssm
    .on(PutParameterCommand)
    .rejects(new ParameterAlreadyExists({ message: 'there', $metadata: {} }));
  await expect(secrets.make('i-0aaaaaaaa', arn)).resolves.toBe('existed');
  await expect(secrets.makeCollectorPassword()).resolves.toBe('existed');
  expect(ssm.commandCalls(PutParameterCommand)[1]?.args[0].input.Name).toBe(
    `${path}/collector/password`,
  );
});

test('another failure escapes', async () => {
  ssm.on(PutParameterCommand).rejects(new Error('throttled'));
  await expect(secrets.makeCollectorPassword()).rejects.toThrow('throttled');
});

test('deletes in batches of ten, and asks for nothing when there is nothing to delete', async () => {
  ssm.on(DeleteParametersCommand).resolves({});
  await secrets.remove([]);
  expect(ssm.calls()).toHaveLength(0);
  const ids = Array.from({ length: 21 }, (_, n) => `i-${String(n).padStart(8, '0')}`);
  await secrets.remove(ids);
  const names = ssm.commandCalls(DeleteParametersCommand).map(({ args }) => args[0].input.Names);
  expect(names.map((batch) => batch?.length)).toEqual([10, 10, 1]);
  expect(names.flat()).toEqual(ids.map((id) => `${path}/bridges/${id}/secret`));
});

test.each([
  ['tags are listed', () => ssm.on(ListTagsForResourceCommand).resolves({ TagList: [] }), true],
  [
    'SSM does not know it',
    () => ssm.on(ListTagsForResourceCommand).rejects(named('InvalidResourceId')),
    false,
  ],
])('an instance whose secret is such that %s', async (_name, answer, expected) => {
  answer();
  expect(await hasSecret(new SSMClient(), 'blue', 'i-0aaaaaaaa')).toBe(expected);
  expect(ssm.commandCalls(ListTagsForResourceCommand)[0]?.args[0].input).toEqual({
    ResourceType: 'Parameter',
    ResourceId: `${path}/bridges/i-0aaaaaaaa/secret`,
  });
});

test('a secret that cannot be looked for is no missing secret', async () => {
  ssm.on(ListTagsForResourceCommand).rejects(named('ThrottlingException'));
  await expect(hasSecret(new SSMClient(), 'blue', 'i-0aaaaaaaa')).rejects.toThrow('Throttling');
});

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}
