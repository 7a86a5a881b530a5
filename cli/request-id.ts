import { randomUUID } from 'node:crypto';

/** Option of every command that changes something. */
export const requestIdOption = [
  '--request-id <id>',
  'idempotency key: a repeated command with the same key runs once (generated if omitted)',
] as const;

/** Option of every command that expires. */
export const forOption = [
  '--for <duration>',
  'how long, for example 90s, 30m, 2h or 1d',
  '1h',
] as const;

export interface Once {
  readonly requestId?: string;
}

/** The SDK repeats an invocation whose reply was lost: "two more" must not become four. */
export function requestIdOf({ requestId }: Once): { readonly requestId: string } {
  return { requestId: requestId ?? randomUUID() };
}
