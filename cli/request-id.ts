import { randomUUID } from 'node:crypto';

/** Option of every command that changes something. */
export const requestIdOption = [
  '--request-id <id>',
  'the same id again is answered again, and not carried out twice',
] as const;

/** Option of every command that ends by itself. */
export const forOption = ['--for <duration>', 'how long, like 90s, 30m, 2h, 1d', '1h'] as const;

export interface Once {
  readonly requestId?: string;
}

/** The SDK repeats an invoke whose answer was lost: "two more" must not become four. */
export function requestIdOf({ requestId }: Once): { readonly requestId: string } {
  return { requestId: requestId ?? randomUUID() };
}
