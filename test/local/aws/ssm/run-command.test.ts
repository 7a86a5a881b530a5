import {
  CreateDocumentCommand,
  DescribeDocumentCommand,
  GetCommandInvocationCommand,
  GetParameterCommand,
  ListCommandInvocationsCommand,
  ListCommandsCommand,
  SendCommandCommand,
  SSMClient,
  UpdateDocumentCommand,
} from '@aws-sdk/client-ssm';
import { eventually } from '../../../eventually';
import { InstantHost } from '../../../../local/machines/instant-host';
import type { CommandRequest, CommandResult } from '../../../../local/machines/machine-host';
import { startTestCloud, type TestCloud } from '../fakes';

const server = 'i-0a0a0a0a0a0a0a0a0';

function content(command: string): string {
  return JSON.stringify({
    schemaVersion: '2.2',
    parameters: {
      action: { type: 'String', allowedValues: ['sync', 'check'] },
      restart: { type: 'String', default: 'never', allowedPattern: '^(now|never)$' },
    },
    mainSteps: [
      {
        action: 'aws:runShellScript',
        name: 'run',
        inputs: { timeoutSeconds: '90', runCommand: ['set -eu', command] },
      },
    ],
  });
}

let cloud: TestCloud;
let ssm: SSMClient;
let result: CommandResult;
let requests: CommandRequest[];

beforeEach(async () => {
  result = { exitCode: 0, stdout: 'done\n', stderr: '' };
  requests = [];
  const machines = new InstantHost((request) => {
    requests.push(request);
    return result;
  });
  await machines.launch({ instanceId: server, privateIpAddress: '10.213.0.10', userData: '' });
  cloud = await startTestCloud(machines);
  cloud.gateway.ec2.addInstance({
    instanceId: server,
    privateIpAddress: '10.213.0.10',
    tags: {},
    profileRoleArn: 'arn:aws:iam::123456789012:role/bridge-role',
  });
  ssm = new SSMClient(cloud.client);
  await ssm.send(
    new CreateDocumentCommand({
      Name: 'sync',
      DocumentType: 'Command',
      Content: content('run {{ action }} {{restart}}'),
    }),
  );
});

afterEach(async () => {
  ssm.destroy();
  await cloud.close();
});

async function send(Parameters: Record<string, string[]>, InstanceIds = [server]) {
  const reply = await ssm.send(
    new SendCommandCommand({ DocumentName: 'sync', InstanceIds, Parameters }),
  );
  return reply.Command?.CommandId ?? '';
}

async function finished(CommandId: string) {
  await eventually(() => cloud.gateway.commands.find(CommandId, server)?.endedAt !== undefined);
  return ssm.send(new GetCommandInvocationCommand({ CommandId, InstanceId: server }));
}

it('runs the script with the parameters filled in and the document’s time limit', async () => {
  const invocation = await finished(await send({ action: ['sync'] }));
  expect(requests).toEqual([
    { instanceId: server, script: 'set -eu\nrun sync never', timeoutSeconds: 90 },
  ]);
  expect(invocation).toMatchObject({
    Status: 'Success',
    ResponseCode: 0,
    StandardOutputContent: 'done\n',
    DocumentName: 'sync',
  });
});

it.each([
  ['Failed', 3],
  ['TimedOut', 124],
])('reports %s for exit code %i', async (status, exitCode) => {
  result = { exitCode, stdout: '', stderr: 'because' };
  const invocation = await finished(await send({ action: ['sync'] }));
  expect(invocation).toMatchObject({ Status: status, StandardErrorContent: 'because' });
});

it('keeps the first 24,000 characters of output', async () => {
  result = { exitCode: 0, stdout: 'x'.repeat(30_000), stderr: '' };
  const invocation = await finished(await send({ action: ['sync'] }));
  expect(invocation.StandardOutputContent).toHaveLength(24_000);
});

it('times out in delivery when the agent does not fetch the command', async () => {
  cloud.gateway.faults.undelivered = (id) => id === server;
  const reply = await ssm.send(
    new SendCommandCommand({
      DocumentName: 'sync',
      InstanceIds: [server],
      Parameters: { action: ['sync'] },
      TimeoutSeconds: 30,
    }),
  );
  expect(await finished(reply.Command?.CommandId ?? '')).toMatchObject({
    Status: 'TimedOut',
    StatusDetails: 'Delivery Timed Out',
    ResponseCode: -1,
  });
  expect(requests).toEqual([]);
});

it('takes commands only for instances whose role lets their agent work', async () => {
  const other = 'i-0b0b0b0b0b0b0b0b0';
  cloud.gateway.ec2.addInstance({
    instanceId: other,
    privateIpAddress: '10.213.0.11',
    tags: {},
    profileRoleArn: 'arn:aws:iam::123456789012:role/no-agent',
  });
  await expect(send({ action: ['sync'] }, [other])).rejects.toMatchObject({
    name: 'InvalidInstanceId',
  });
});

it('does not know an invocation at once', async () => {
  const CommandId = await send({ action: ['sync'] });
  const query = new GetCommandInvocationCommand({ CommandId, InstanceId: 'i-00000000000000000' });
  await expect(ssm.send(query)).rejects.toMatchObject({ name: 'InvocationDoesNotExist' });
  await finished(CommandId);
  const list = await ssm.send(new ListCommandInvocationsCommand({ CommandId }));
  expect(list.CommandInvocations?.[0]?.Status).toBe('Success');
});

it('lists commands, newest first, as their invocations ended', async () => {
  const first = await send({ action: ['sync'] });
  await finished(first);
  result = { exitCode: 3, stdout: '', stderr: 'because' };
  const second = await send({ action: ['check'] });
  await finished(second);
  const { Commands } = await ssm.send(new ListCommandsCommand({}));
  expect(Commands).toMatchObject([
    { CommandId: second, Status: 'Failed', ErrorCount: 1, Parameters: { action: ['check'] } },
    { CommandId: first, Status: 'Success', CompletedCount: 1, InstanceIds: [server] },
  ]);
  const one = await ssm.send(new ListCommandsCommand({ CommandId: first }));
  expect(one.Commands).toHaveLength(1);
  const none = await ssm.send(new ListCommandsCommand({ InstanceId: 'i-00000000000000000' }));
  expect(none.Commands).toEqual([]);
});

it.each([
  ['a value that is not allowed', { action: ['rm -rf /'] }],
  ['a value that does not match', { action: ['sync'], restart: ['later'] }],
  ['an unknown parameter', { action: ['sync'], other: ['x'] }],
  ['a missing parameter', {}],
])('refuses %s', async (_, parameters: Record<string, string[]>) => {
  await expect(send(parameters)).rejects.toMatchObject({ name: 'InvalidParameters' });
  expect(requests).toEqual([]);
});

it('refuses an instance that is not running and a document that does not exist', async () => {
  await expect(send({ action: ['sync'] }, ['i-00000000000000000'])).rejects.toMatchObject({
    name: 'InvalidInstanceId',
  });
  const unknown = new SendCommandCommand({ DocumentName: 'none', InstanceIds: [server] });
  await expect(ssm.send(unknown)).rejects.toMatchObject({ name: 'InvalidDocument' });
});

it('runs the newest version of a document', async () => {
  await ssm.send(new UpdateDocumentCommand({ Name: 'sync', Content: content('second') }));
  const { Document } = await ssm.send(new DescribeDocumentCommand({ Name: 'sync' }));
  expect(Document).toMatchObject({ DocumentVersion: '2', Status: 'Active' });
  await finished(await send({ action: ['check'] }));
  expect(requests[0]?.script).toContain('second');
});

it('leaves parameters to the emulator, and audits names but no values', async () => {
  cloud.emulator.answers['GetParameter'] = JSON.stringify({ Parameter: { Value: 'from behind' } });
  const reply = await ssm.send(new GetParameterCommand({ Name: '/a/b' }));
  expect(reply.Parameter?.Value).toBe('from behind');
  await finished(await send({ action: ['sync'] }));
  const response = await fetch(`${cloud.gateway.url}/_local/audit`);
  const entries = (await response.json()) as unknown[];
  expect(entries).toContainEqual(
    expect.objectContaining({
      service: 'ssm',
      action: 'GetParameter',
      resources: ['/a/b'],
      principal: 'arn:aws:iam::123456789012:user/test',
    }),
  );
  expect(JSON.stringify(entries)).not.toContain('from behind');
});
