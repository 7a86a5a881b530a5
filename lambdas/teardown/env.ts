import { z } from 'zod';
import { environment } from '../core/protocol/environment';
import { originText, type Origin } from '../core/protocol/origin';

/** What the deployment tells the teardown. */
export interface TeardownEnv {
  readonly fleet: string;
  readonly origin: Origin;
  readonly bridgeDocument: string;
  readonly scalerFunction: string;
  readonly registrarFunction: string;
}

const text = z.string().min(1);

const schema = z
  .object({
    [environment.fleet]: text,
    [environment.origin]: originText,
    [environment.bridgeDocument]: text,
    [environment.scalerFunction]: text,
    [environment.registrarFunction]: text,
  })
  .transform((env): TeardownEnv => ({
    fleet: env[environment.fleet],
    origin: env[environment.origin],
    bridgeDocument: env[environment.bridgeDocument],
    scalerFunction: env[environment.scalerFunction],
    registrarFunction: env[environment.registrarFunction],
  }));

/** @throws Error that names each variable at fault, and no values */
export function parseTeardownEnv(env: Readonly<Record<string, string | undefined>>): TeardownEnv {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  throw new Error(`Environment of the teardown: ${z.prettifyError(parsed.error)}`);
}
