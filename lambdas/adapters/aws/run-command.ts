import {
  GetCommandInvocationCommand,
  InvalidInstanceId,
  InvocationDoesNotExist,
  SendCommandCommand,
  type GetCommandInvocationCommandOutput,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { printable } from '../../core/protocol/printable';

/** Runs the fleet's SSM documents, one instance at a time, and waits for the result. */
export interface RunCommand {
  run(request: CommandRequest): Promise<CommandOutcome>;
}

export interface CommandRequest {
  /** Name of an SSM document of ours. */
  readonly document: string;
  readonly instanceId: string;
  /** Values are visible in the command's history: never a secret. */
  readonly parameters: Readonly<Record<string, string>>;
  /**
   * Longest time the caller waits, from the send on; SSM forgets an undelivered command after at
   * least 30 s.
   */
  readonly timeoutSeconds: number;
}

/** Every way a command ends is a result; what escapes as an error is the AWS API's refusal. */
export type CommandOutcome =
  | { readonly status: 'success'; readonly stdout: string }
  | {
      readonly status: 'failed';
      /** The script's; -1 when it never ran. */
      readonly exitCode: number;
      readonly stdout: string;
      /** Printable and short, as it is for people. */
      readonly stderr: string;
    }
  /** No result in time; the command may still be running. */
  | { readonly status: 'timedOut' }
  /** SSM knows no such instance, or its agent does not answer. */
  | { readonly status: 'unreachable' };

/** Time as the adapter sees it, so that tests need not wait. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

export const systemClock: Clock = {
  now: Date.now,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

const firstPauseMs = 200;
const longestPauseMs = 1000;

export function runCommandOf(client: SSMClient, clock: Clock = systemClock): RunCommand {
  return {
    async run(request) {
      const deadline = clock.now() + request.timeoutSeconds * 1000;
      const commandId = await send(client, request);
      if (commandId === undefined) return { status: 'unreachable' };
      for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
        await clock.sleep(pauseMs);
        const outcome = await look(client, commandId, request.instanceId);
        if (outcome !== undefined) return outcome;
        if (clock.now() >= deadline) return { status: 'timedOut' };
      }
    },
  };
}

/** Id of the command, or undefined when the instance cannot take commands. */
async function send(client: SSMClient, request: CommandRequest): Promise<string | undefined> {
  try {
    const { Command } = await client.send(
      new SendCommandCommand({
        DocumentName: request.document,
        InstanceIds: [request.instanceId],
        Parameters: Object.fromEntries(
          Object.entries(request.parameters).map(([key, value]) => [key, [value]]),
        ),
        TimeoutSeconds: Math.max(30, Math.ceil(request.timeoutSeconds)),
      }),
    );
    if (Command?.CommandId === undefined) throw new Error('SendCommand answered no command id');
    return Command.CommandId;
  } catch (error) {
    if (error instanceof InvalidInstanceId) return undefined;
    throw error;
  }
}

/** The outcome, or undefined while there is none. */
async function look(
  client: SSMClient,
  commandId: string,
  instanceId: string,
): Promise<CommandOutcome | undefined> {
  try {
    return outcomeOf(
      await client.send(
        new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: instanceId }),
      ),
    );
  } catch (error) {
    // Ordinary for about a second after SendCommand.
    if (error instanceof InvocationDoesNotExist) return undefined;
    throw error;
  }
}

/** Characters of a command's standard error that are kept. */
const longestStderr = 1000;

/** States while the command has not ended; any other that is not named below is a failure. */
const underWay = ['Pending', 'InProgress', 'In Progress', 'Delayed', 'Cancelling'];
const undelivered = ['DeliveryTimedOut', 'Delivery Timed Out', 'Undeliverable'];
const outOfTime = ['ExecutionTimedOut', 'Execution Timed Out', 'TimedOut'];

function outcomeOf(invocation: GetCommandInvocationCommandOutput): CommandOutcome | undefined {
  const stdout = invocation.StandardOutputContent ?? '';
  // The details tell an undelivered command from one that ran too long; the API spells them with
  // and without spaces.
  const state = invocation.StatusDetails ?? invocation.Status ?? 'Pending';
  if (underWay.includes(state)) return undefined;
  if (state === 'Success') return { status: 'success', stdout };
  if (undelivered.includes(state)) return { status: 'unreachable' };
  if (outOfTime.includes(state)) return { status: 'timedOut' };
  return {
    status: 'failed',
    exitCode: invocation.ResponseCode ?? -1,
    stdout,
    stderr: printable(invocation.StandardErrorContent ?? '', longestStderr),
  };
}
