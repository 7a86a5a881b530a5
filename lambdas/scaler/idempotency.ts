import { createHash } from 'node:crypto';
import type { Command } from '../core/protocol/command';
import { printable } from '../core/protocol/printable';
import type { Reply } from '../core/protocol/reply';
import type { Memory } from '../core/model/memory';

/**
 * What a repeated `requestId` is answered: nothing when it is new; `forgotten` when it was executed
 * and its answer had to make room in the memory.
 */
export function earlierAnswer(command: Command, memory: Memory): Reply | 'forgotten' | undefined {
  const { requestId } = command;
  const known = memory.answers.find((answer) => answer.requestId === requestId);
  if (requestId === undefined || known === undefined) return undefined;
  if (known.command !== digestOf(command))
    return {
      ok: false,
      error: {
        code: 'RequestIdReused',
        field: 'requestId',
        message: `requestId ${printable(requestId)} was used for another command; take a new one`,
      },
    };
  // Whatever is stored here was put there by `rememberAnswer` below.
  return known.reply === undefined ? 'forgotten' : (known.reply as Reply);
}

/** Memory that answers the same `requestId` again. */
export function rememberAnswer(command: Command, reply: Reply, memory: Memory): Memory {
  const { requestId } = command;
  if (requestId === undefined) return memory;
  return {
    ...memory,
    answers: [...memory.answers, { requestId, command: digestOf(command), reply }],
  };
}

/** Of the parsed command: defaults filled in, so that spelling them out is the same command. */
function digestOf(command: Command): string {
  const entries = Object.entries(command).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 16);
}
