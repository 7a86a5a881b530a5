import { z } from 'zod';
import { environment } from '../core/protocol/environment';
import { launchSettingsSchema, type LaunchSettings } from '../core/protocol/launch-settings';
import { policySchema, type Policy } from '../core/model/policy';
import type { Generation } from '../core/protocol/generation';

/** What the deployment tells the scaler. */
export interface ScalerEnv {
  readonly fleet: string;
  readonly generation: Generation;
  readonly policy: Policy;
  readonly launch: LaunchSettings;
  readonly registrarFunction: string;
  readonly bridgeDocument: string;
}

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});

const schema = z
  .object({
    [environment.fleet]: z.string().min(1),
    [environment.generation]: z.enum(['component', 'muc']),
    [environment.policy]: json.pipe(policySchema),
    [environment.launch]: json.pipe(launchSettingsSchema),
    [environment.registrarFunction]: z.string().min(1),
    [environment.bridgeDocument]: z.string().min(1),
  })
  .transform((env): ScalerEnv => ({
    fleet: env[environment.fleet],
    generation: env[environment.generation],
    policy: env[environment.policy],
    launch: env[environment.launch],
    registrarFunction: env[environment.registrarFunction],
    bridgeDocument: env[environment.bridgeDocument],
  }));

/** @throws Error that names each variable at fault, and no values */
export function parseScalerEnv(env: Readonly<Record<string, string | undefined>>): ScalerEnv {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  throw new Error(`Environment of the scaler: ${z.prettifyError(parsed.error)}`);
}
