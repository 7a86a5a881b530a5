import { join } from 'node:path';
import { z } from 'zod';
import type { Target } from './forward';

/** A port of the cloud that programs outside can reach at 127.0.0.1. */
export interface Forward {
  readonly name: string;
  /**
   * Port outside; when it is in use, a free one is taken instead.
   * @default a free one
   */
  readonly port?: number;
  /** Where connections end inside. */
  readonly target: Target;
}

/** Environment variable by which the program inside knows its forwards. */
export const forwardingVariable = 'BRIDGES_FORWARDING';

const forwardingSchema = z.object({
  directory: z.string(),
  forwards: z.array(
    z.object({
      name: z.string(),
      port: z.number(),
      target: z.object({ host: z.string(), port: z.number() }),
    }),
  ),
});

/** The forwards as they stand: each with its real port outside, and where their sockets are. */
export type Forwarding = z.infer<typeof forwardingSchema>;

/** What the launcher told this process, or undefined when it was not started by it. */
export function readForwarding(): Forwarding | undefined {
  const text = process.env[forwardingVariable];
  return text === undefined ? undefined : forwardingSchema.parse(JSON.parse(text));
}

/** For a program inside: its ports as seen from outside, by the forwards' names. */
export function outsidePorts(): ReadonlyMap<string, number> {
  return new Map(readForwarding()?.forwards.map(({ name, port }) => [name, port]));
}

export function socketPath(directory: string, name: string): string {
  return join(directory, `${name}.sock`);
}

/** Written once all sockets are open. */
export function readyMark(directory: string): string {
  return join(directory, 'ready');
}
