import { z } from 'zod';
import type { Handler } from '../handler';
import { page } from '../paging';
import { parseInput } from '../protocol/input';
import type { Output } from '../protocol/response';
import type { Invocation } from './commands';
import type { Ssm } from './ssm';

const listInput = z.object({
  CommandId: z.string().optional(),
  InstanceId: z.string().optional(),
  MaxResults: z.number().int().min(1).max(50).default(50),
  NextToken: z.string().optional(),
});

/** ListCommands, newest first; its filters are not there. */
export function listCommands(ssm: Ssm): Handler {
  return ({ input }) => {
    const request = parseInput(listInput, input, 'ValidationException');
    const { CommandId, InstanceId } = request;
    const commands = [...byCommand(ssm.commands.all())]
      .filter(([id]) => CommandId === undefined || id === CommandId)
      .map(([, invocations]) => invocations)
      .filter((of) => InstanceId === undefined || of.some((i) => i.instanceId === InstanceId))
      .toReversed();
    const { items, nextToken } = page(
      commands,
      request.MaxResults,
      request.NextToken,
      'InvalidNextToken',
    );
    return { Commands: items.flatMap(summary), NextToken: nextToken };
  };
}

function byCommand(invocations: readonly Invocation[]): ReadonlyMap<string, readonly Invocation[]> {
  const commands = new Map<string, Invocation[]>();
  for (const invocation of invocations) {
    const known = commands.get(invocation.commandId);
    if (known === undefined) commands.set(invocation.commandId, [invocation]);
    else known.push(invocation);
  }
  return commands;
}

/** A command is as its worst invocation is, and in progress until all have ended. */
function summary(invocations: readonly Invocation[]): Output[] {
  const [first] = invocations;
  if (first === undefined) return [];
  const ended = invocations.filter(({ endedAt }) => endedAt !== undefined);
  const failed = ended.find(({ status }) => status !== 'Success');
  const status = ended.length < invocations.length ? 'InProgress' : (failed?.status ?? 'Success');
  return [
    {
      CommandId: first.commandId,
      DocumentName: first.documentName,
      DocumentVersion: first.documentVersion,
      Comment: first.comment,
      Parameters: first.parameters,
      InstanceIds: invocations.map(({ instanceId }) => instanceId),
      Targets: [],
      RequestedDateTime: first.requestedAt,
      Status: status,
      StatusDetails: status === 'TimedOut' ? 'Execution Timed Out' : status,
      TargetCount: invocations.length,
      CompletedCount: ended.length,
      ErrorCount: ended.filter(({ status: one }) => one !== 'Success').length,
    },
  ];
}
