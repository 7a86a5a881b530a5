import { z } from 'zod';
import { AwsError } from '../errors';
import type { Handler } from '../handler';
import { parseInput } from '../protocol/input';
import type { Invocation } from './commands';
import { documentVersion, type DocumentContent } from './documents';
import { renderScript, resolveParameters } from './parameters';
import type { Ssm } from './ssm';

const input = z.object({
  DocumentName: z.string(),
  DocumentVersion: z.string().optional(),
  InstanceIds: z.array(z.string()).max(50).default([]),
  Parameters: z.record(z.string(), z.array(z.string())).default({}),
  Comment: z.string().max(100).default(''),
  /** Seconds in which the command must start. */
  TimeoutSeconds: z.number().int().min(30).max(2592000).default(3600),
});

/**
 * An invocation cannot be read at once: GetCommandInvocation says `InvocationDoesNotExist` for
 * this long.
 */
const visibleAfterMilliseconds = 200;
const defaultScriptSeconds = 3600;

/**
 * SendCommand on named instances: checks everything, answers at once, runs the script on each
 * machine.
 */
export function sendCommand(ssm: Ssm): Handler {
  return async ({ input: wire }) => {
    const request = parseInput(input, wire, 'ValidationException');
    const document = ssm.documents.require(request.DocumentName);
    const { number, version } = documentVersion(document, request.DocumentVersion);
    if (request.InstanceIds.length === 0) {
      throw new AwsError('ValidationException', 'The local Run Command needs InstanceIds');
    }
    for (const id of request.InstanceIds) {
      const instance = ssm.model.find(id);
      if (instance === undefined || !(await ssm.agents.isOnline(instance))) {
        throw new AwsError(
          'InvalidInstanceId',
          `Instances [[${id}]] not in a valid state for account ${ssm.accountId}`,
        );
      }
    }
    const values = resolveParameters(version.content, request.Parameters);
    const now = ssm.clock.now();
    const commandId = ssm.ids.uuid();
    for (const instanceId of new Set(request.InstanceIds)) {
      const invocation: Invocation = {
        commandId,
        instanceId,
        documentName: document.name,
        documentVersion: String(number),
        comment: request.Comment,
        parameters: request.Parameters,
        pluginName: version.content.mainSteps[0]?.name ?? '',
        requestedAt: now,
        status: 'Pending',
        responseCode: -1,
        stdout: '',
        stderr: '',
      };
      const script = renderScript(version.content, values);
      if (ssm.faults.undelivered?.(instanceId) === true) {
        void expire(ssm, invocation, request.TimeoutSeconds);
      } else void execute(ssm, invocation, version.content, script);
    }
    return {
      Command: {
        CommandId: commandId,
        DocumentName: document.name,
        DocumentVersion: String(number),
        Comment: request.Comment,
        ExpiresAfter: new Date(now.getTime() + request.TimeoutSeconds * 1000),
        Parameters: request.Parameters,
        InstanceIds: request.InstanceIds,
        Targets: [],
        RequestedDateTime: now,
        Status: 'Pending',
        StatusDetails: 'Pending',
        TargetCount: request.InstanceIds.length,
        CompletedCount: 0,
        ErrorCount: 0,
        TimeoutSeconds: request.TimeoutSeconds,
      },
    };
  };
}

/** Its agent never asks for it: the command stays pending until its time for delivery is over. */
async function expire(ssm: Ssm, invocation: Invocation, timeoutSeconds: number): Promise<void> {
  await ssm.clock.sleep(visibleAfterMilliseconds);
  ssm.commands.add(invocation);
  await ssm.clock.sleep(timeoutSeconds * 1000);
  invocation.status = 'TimedOut';
  invocation.statusDetails = 'Delivery Timed Out';
  invocation.endedAt = ssm.clock.now();
}

async function execute(
  ssm: Ssm,
  invocation: Invocation,
  content: DocumentContent,
  script: string,
): Promise<void> {
  await ssm.clock.sleep(visibleAfterMilliseconds);
  ssm.commands.add(invocation);
  invocation.status = 'InProgress';
  invocation.startedAt = ssm.clock.now();
  const timeoutSeconds = Number(
    content.mainSteps[0]?.inputs.timeoutSeconds ?? defaultScriptSeconds,
  );
  const { instanceId } = invocation;
  try {
    const result = await ssm.machines.run({ instanceId, script, timeoutSeconds });
    invocation.responseCode = result.exitCode;
    invocation.stdout = result.stdout;
    invocation.stderr = result.stderr;
    invocation.status = statusOf(result.exitCode);
  } catch (error) {
    invocation.status = 'Undeliverable';
    invocation.stderr = String(error);
  }
  invocation.endedAt = ssm.clock.now();
}

function statusOf(exitCode: number): 'Success' | 'TimedOut' | 'Failed' {
  if (exitCode === 0) return 'Success';
  return exitCode === 124 ? 'TimedOut' : 'Failed';
}
