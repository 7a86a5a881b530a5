import { z } from 'zod';
import { environment } from '../core/protocol/environment';

/** What the deployment tells the filter. */
export interface FilterEnv {
  readonly fleet: string;
  /** Name of the function that gets the events of the fleet's instances. */
  readonly scalerFunction: string;
}

const schema = z
  .object({
    [environment.fleet]: z.string().min(1),
    [environment.scalerFunction]: z.string().min(1),
  })
  .transform((env): FilterEnv => ({
    fleet: env[environment.fleet],
    scalerFunction: env[environment.scalerFunction],
  }));

/** @throws Error that names each variable at fault, and no values */
export function parseFilterEnv(env: Readonly<Record<string, string | undefined>>): FilterEnv {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  throw new Error(`Environment of the filter: ${z.prettifyError(parsed.error)}`);
}
