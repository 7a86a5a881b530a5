import { z } from 'zod';
import { environment } from '../core/protocol/environment';
import { fleetEnvOf, fleetVariables, type FleetEnv } from '../observation/env';

/** What the deployment tells the scaler. */
export interface ScalerEnv extends FleetEnv {
  readonly registrarFunction: string;
  readonly bridgeDocument: string;
}

const schema = z
  .object({
    ...fleetVariables,
    [environment.registrarFunction]: z.string().min(1),
    [environment.bridgeDocument]: z.string().min(1),
  })
  .transform((env): ScalerEnv => ({
    ...fleetEnvOf(env),
    registrarFunction: env[environment.registrarFunction],
    bridgeDocument: env[environment.bridgeDocument],
  }));

/** @throws Error that names each variable at fault, and no values */
export function parseScalerEnv(env: Readonly<Record<string, string | undefined>>): ScalerEnv {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  throw new Error(`Environment of the scaler: ${z.prettifyError(parsed.error)}`);
}
