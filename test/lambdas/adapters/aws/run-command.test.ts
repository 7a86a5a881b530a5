import {
  GetCommandInvocationCommand,
  InvalidInstanceId,
  InvocationDoesNotExist,
  SendCommandCommand,
  SSMClient,
  type GetCommandInvocationCommandOutput,
} from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { runCommandOf, type Clock } from '../../../../lambdas/adapters/aws/run-command';

const ssm = mockClient(SSMClient);
beforeEach(() => ssm.reset());

function fakeClock(): Clock & { readonly pauses: number[] } {
  const pauses: number[] = [];
  let now = 0;
  return {
    pauses,
    now: () => now,
    sleep: (milliseconds) => {
      pauses.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    },
  };
}

const request = {
  document: 'bridges-sync',
  instanceId: 'i-0a0a0a0a0a0a0a0a0',
  parameters: { action: 'sync' },
  timeoutSeconds: 20,
};
const notYet = new InvocationDoesNotExist({ message: 'not yet', $metadata: {} });

function answering(...answers: (Partial<GetCommandInvocationCommandOutput> | Error)[]) {
  ssm.on(SendCommandCommand).resolves({ Command: { CommandId: 'c-1' } });
  const stub = ssm.on(GetCommandInvocationCommand);
  for (const answer of answers)
    if (answer instanceof Error) stub.rejectsOnce(answer);
    else stub.resolvesOnce(answer);
}

test('sends the document to one instance and gives its output', async () => {
  answering({
    Status: 'Success',
    StatusDetails: 'Success',
    StandardOutputContent: '{"ok":true}\n',
  });
  await expect(runCommandOf(new SSMClient(), fakeClock()).run(request)).resolves.toEqual({
    status: 'success',
    stdout: '{"ok":true}\n',
  });
  expect(ssm.commandCalls(SendCommandCommand)[0]?.args[0].input).toEqual({
    DocumentName: 'bridges-sync',
    InstanceIds: ['i-0a0a0a0a0a0a0a0a0'],
    Parameters: { action: ['sync'] },
    TimeoutSeconds: 30,
  });
  expect(ssm.commandCalls(GetCommandInvocationCommand)[0]?.args[0].input).toEqual({
    CommandId: 'c-1',
    InstanceId: 'i-0a0a0a0a0a0a0a0a0',
  });
});

test('waits with growing pauses while the command is unknown, pending or running', async () => {
  answering(
    notYet,
    { Status: 'Pending', StatusDetails: 'Pending' },
    { Status: 'InProgress', StatusDetails: 'InProgress' },
    { Status: 'Delayed', StatusDetails: 'Delayed' },
    { Status: 'InProgress', StatusDetails: 'InProgress' },
    { Status: 'Success', StatusDetails: 'Success' },
  );
  const clock = fakeClock();
  await expect(runCommandOf(new SSMClient(), clock).run(request)).resolves.toEqual({
    status: 'success',
    stdout: '',
  });
  expect(clock.pauses[0]).toBe(200);
  expect(clock.pauses.at(-1)).toBe(1000);
  expect([...clock.pauses].sort((a, b) => a - b)).toEqual(clock.pauses);
});

test.each([
  ['Failed', { status: 'failed', exitCode: 3, stdout: 'out', stderr: 'err' }],
  ['Cancelled', { status: 'failed', exitCode: 3, stdout: 'out', stderr: 'err' }],
  ['ExecutionTimedOut', { status: 'timedOut' }],
  ['Execution Timed Out', { status: 'timedOut' }],
  ['DeliveryTimedOut', { status: 'unreachable' }],
  ['Delivery Timed Out', { status: 'unreachable' }],
  ['Undeliverable', { status: 'unreachable' }],
])('an invocation that ends as %s is a result', async (details, outcome) => {
  answering({
    Status: 'Failed',
    StatusDetails: details,
    ResponseCode: 3,
    StandardOutputContent: 'out',
    StandardErrorContent: 'err',
  });
  await expect(runCommandOf(new SSMClient(), fakeClock()).run(request)).resolves.toEqual(outcome);
});

test('gives up waiting when the time is up', async () => {
  ssm.on(SendCommandCommand).resolves({ Command: { CommandId: 'c-1' } });
  ssm.on(GetCommandInvocationCommand).resolves({ Status: 'InProgress' });
  const clock = fakeClock();
  await expect(runCommandOf(new SSMClient(), clock).run(request)).resolves.toEqual({
    status: 'timedOut',
  });
  expect(clock.now()).toBeGreaterThanOrEqual(20_000);
  expect(clock.now()).toBeLessThan(21_100);
});

test('an instance that SSM does not know is unreachable', async () => {
  ssm.on(SendCommandCommand).rejects(new InvalidInstanceId({ message: 'who?', $metadata: {} }));
  await expect(runCommandOf(new SSMClient(), fakeClock()).run(request)).resolves.toEqual({
    status: 'unreachable',
  });
  expect(ssm.commandCalls(GetCommandInvocationCommand)).toHaveLength(0);
});

test('any other refusal of the API escapes', async () => {
  ssm.on(SendCommandCommand).rejects(new Error('AccessDenied'));
  await expect(runCommandOf(new SSMClient(), fakeClock()).run(request)).rejects.toThrow(
    'AccessDenied',
  );
});
