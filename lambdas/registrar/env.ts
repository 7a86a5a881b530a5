import { z } from 'zod';
import { environment } from '../core/protocol/environment';
import { originText, type Origin } from '../core/protocol/origin';

/** What the deployment tells the registrar. */
export interface RegistrarEnv {
  readonly fleet: string;
  readonly origin: Origin;
  /** Instance id of Server A. */
  readonly serverInstanceId: string;
  /** Name of the SSM document that makes Prosody equal to the parameters. */
  readonly syncDocument: string;
}

const schema = z
  .object({
    [environment.fleet]: z.string().min(1),
    [environment.origin]: originText,
    [environment.serverInstanceId]: z.string().regex(/^i-[0-9a-f]{8,17}$/),
    [environment.syncDocument]: z.string().min(1),
  })
  .transform((env): RegistrarEnv => ({
    fleet: env[environment.fleet],
    origin: env[environment.origin],
    serverInstanceId: env[environment.serverInstanceId],
    syncDocument: env[environment.syncDocument],
  }));

/** @throws Error that names each variable at fault, and no values */
export function parseRegistrarEnv(env: Readonly<Record<string, string | undefined>>): RegistrarEnv {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  throw new Error(`Environment of the registrar: ${z.prettifyError(parsed.error)}`);
}
