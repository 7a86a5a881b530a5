import { z } from 'zod';
import { printable } from '../../core/protocol/printable';
import type { BridgeAction } from '../../core/protocol/documents';
import type { RunCommand } from './run-command';

/**
 * The line that `bridge.sh` answers; figures that the bridge did not give are absent. A stolen
 * bridge may write anything into its texts, and operators read them.
 */
const wordSchema = z.object({
  ok: z.boolean(),
  action: z.string().transform((text) => printable(text, 40)),
  running: z.boolean(),
  error: z
    .string()
    .transform((text) => printable(text, 100))
    .optional(),
  gracefulShutdown: z.boolean().optional(),
  conferences: z.number().min(0).optional(),
  participants: z.number().min(0).optional(),
});

/** What a bridge says of itself through Run Command, or why it said nothing. */
export type BridgeAnswer =
  | { readonly status: 'said'; readonly word: z.infer<typeof wordSchema> }
  | { readonly status: 'unknown'; readonly reason: string };

/** A restart, which renewing is too, waits for the bridge to be healthy again. */
const timeoutSeconds: Readonly<Record<BridgeAction, number>> = {
  status: 30,
  drain: 30,
  undrain: 30,
  shutdown: 30,
  recycle: 90,
  restart: 90,
  renew: 90,
};

/** Runs one action of the bridge document on a bridge. */
export async function askBridge(
  { runCommand }: { readonly runCommand: RunCommand },
  { bridgeDocument }: { readonly bridgeDocument: string },
  instanceId: string,
  action: BridgeAction,
): Promise<BridgeAnswer> {
  const outcome = await runCommand.run({
    document: bridgeDocument,
    instanceId,
    parameters: { action },
    timeoutSeconds: timeoutSeconds[action],
  });
  switch (outcome.status) {
    case 'success':
    case 'failed':
      return parseWord(outcome.stdout);
    case 'timedOut':
    case 'unreachable':
      return { status: 'unknown', reason: outcome.status };
  }
}

/**
 * Has a bridge refuse new calls for good, and looks at it after that; the shutdown's own answer
 * proves nothing yet.
 */
export async function askToEnd(
  ports: { readonly runCommand: RunCommand },
  env: { readonly bridgeDocument: string },
  instanceId: string,
): Promise<BridgeAnswer> {
  await askBridge(ports, env, instanceId, 'shutdown');
  return askBridge(ports, env, instanceId, 'status');
}

/** The last line of the output counts: a document may print more before it. */
function parseWord(stdout: string): BridgeAnswer {
  const line = stdout.trim().split('\n').at(-1) ?? '';
  try {
    const parsed = wordSchema.safeParse(JSON.parse(line));
    if (parsed.success) return { status: 'said', word: parsed.data };
  } catch {
    // No JSON: the same as an unknown word.
  }
  return { status: 'unknown', reason: 'its answer is not readable' };
}

/** Short text of a word for results and reasons. */
export function answerText(answer: BridgeAnswer): string {
  if (answer.status === 'unknown') return answer.reason;
  const { running, error, participants, conferences, gracefulShutdown } = answer.word;
  return [
    ...(error === undefined ? [] : [error]),
    running ? 'running' : 'not running',
    ...(participants === undefined ? [] : [`${participants} participants`]),
    ...(conferences === undefined ? [] : [`${conferences} conferences`]),
    ...(gracefulShutdown === true ? ['refuses new calls'] : []),
  ].join(', ');
}

/** It says that it has no call, and that it can get none any more. */
export function isEmptyForGood(answer: BridgeAnswer): boolean {
  if (answer.status === 'unknown' || !answer.word.ok) return false;
  return !answer.word.running || (hasNoCalls(answer) && answer.word.gracefulShutdown === true);
}

/** It says that it has no call now. */
export function hasNoCalls(answer: BridgeAnswer): boolean {
  if (answer.status === 'unknown' || !answer.word.ok) return false;
  const { running, participants, conferences } = answer.word;
  return !running || (participants === 0 && conferences === 0);
}
