import { z } from 'zod';
import { AwsError } from '../errors';
import type { Handler } from '../handler';
import { page } from '../paging';
import { parseInput } from '../protocol/input';
import type { Output } from '../protocol/response';
import type { Invocation } from './commands';
import type { Ssm } from './ssm';

/** Characters of output that Run Command keeps. */
const keptOutput = 24_000;
const keptErrors = 8_000;
const keptInList = 2_500;

const getInput = z.object({
  CommandId: z.string(),
  InstanceId: z.string(),
  PluginName: z.string().optional(),
});

export function getCommandInvocation(ssm: Ssm): Handler {
  return ({ input }) => {
    const request = parseInput(getInput, input, 'ValidationException');
    const found = ssm.commands.find(request.CommandId, request.InstanceId);
    if (found === undefined) {
      throw new AwsError('InvocationDoesNotExist', 'The command ID and instance ID do not match.');
    }
    if (request.PluginName !== undefined && request.PluginName !== found.pluginName) {
      throw new AwsError('InvalidPluginName', 'The plugin name is not valid.');
    }
    return {
      ...common(found),
      PluginName: found.pluginName,
      ResponseCode: found.responseCode,
      ExecutionStartDateTime: found.startedAt?.toISOString() ?? '',
      ExecutionElapsedTime: elapsed(found),
      ExecutionEndDateTime: found.endedAt?.toISOString() ?? '',
      StandardOutputContent: found.stdout.slice(0, keptOutput),
      StandardOutputUrl: '',
      StandardErrorContent: found.stderr.slice(0, keptErrors),
      StandardErrorUrl: '',
      CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
    };
  };
}

const listInput = z.object({
  CommandId: z.string().optional(),
  InstanceId: z.string().optional(),
  Details: z.boolean().default(false),
  MaxResults: z.number().int().min(1).max(50).default(50),
  NextToken: z.string().optional(),
});

/** ListCommandInvocations, newest first. */
export function listCommandInvocations(ssm: Ssm): Handler {
  return ({ input }) => {
    const request = parseInput(listInput, input, 'ValidationException');
    const { CommandId, InstanceId } = request;
    const found = ssm.commands
      .all()
      .filter((i) => CommandId === undefined || i.commandId === CommandId)
      .filter((i) => InstanceId === undefined || i.instanceId === InstanceId)
      .toReversed();
    const { items, nextToken } = page(
      found,
      request.MaxResults,
      request.NextToken,
      'InvalidNextToken',
    );
    return {
      CommandInvocations: items.map((invocation) => ({
        ...common(invocation),
        RequestedDateTime: invocation.requestedAt,
        CommandPlugins: request.Details ? [plugin(invocation)] : [],
      })),
      NextToken: nextToken,
    };
  };
}

function common(invocation: Invocation): Output {
  return {
    CommandId: invocation.commandId,
    InstanceId: invocation.instanceId,
    Comment: invocation.comment,
    DocumentName: invocation.documentName,
    DocumentVersion: invocation.documentVersion,
    Status: invocation.status,
    StatusDetails: detailsOf(invocation),
  };
}

function detailsOf({ status, statusDetails }: Invocation): string {
  return statusDetails ?? (status === 'TimedOut' ? 'Execution Timed Out' : status);
}

function plugin(invocation: Invocation): Output {
  return {
    Name: invocation.pluginName,
    Status: invocation.status,
    StatusDetails: invocation.status,
    ResponseCode: invocation.responseCode,
    ResponseStartDateTime: invocation.startedAt,
    ResponseFinishDateTime: invocation.endedAt,
    Output: `${invocation.stdout}${invocation.stderr}`.slice(0, keptInList),
  };
}

/** ISO 8601 duration, as AWS writes it: `PT1.5S`. */
function elapsed({ startedAt, endedAt }: Invocation): string {
  if (startedAt === undefined || endedAt === undefined) return '';
  return `PT${(endedAt.getTime() - startedAt.getTime()) / 1000}S`;
}
