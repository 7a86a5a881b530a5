import { z } from 'zod';
import { environment } from '../core/protocol/environment';
import type { Generation } from '../core/protocol/generation';
import { jsonText } from '../core/protocol/json-text';
import { launchSettingsSchema, type LaunchSettings } from '../core/protocol/launch-settings';
import { originText, type Origin } from '../core/protocol/origin';
import { policySchema, type Policy } from '../core/model/policy';

/**
 * What the deployment tells everyone who decides: the scaler, and the reader that shows what it
 * would do.
 */
export interface FleetEnv {
  readonly fleet: string;
  readonly generation: Generation;
  readonly policy: Policy;
  readonly launch: LaunchSettings;
  readonly origin: Origin;
}

/** Variables of {@link FleetEnv}. */
export const fleetVariables = {
  [environment.fleet]: z.string().min(1),
  [environment.generation]: z.enum(['component', 'muc']),
  [environment.policy]: jsonText.pipe(policySchema),
  [environment.launch]: jsonText.pipe(launchSettingsSchema),
  [environment.origin]: originText,
};

const schema = z.object(fleetVariables);

export function fleetEnvOf(env: z.infer<typeof schema>): FleetEnv {
  return {
    fleet: env[environment.fleet],
    generation: env[environment.generation],
    policy: env[environment.policy],
    launch: env[environment.launch],
    origin: env[environment.origin],
  };
}

/** @throws Error that names each variable at fault, and no values */
export function parseFleetEnv(env: Readonly<Record<string, string | undefined>>): FleetEnv {
  const parsed = schema.safeParse(env);
  if (parsed.success) return fleetEnvOf(parsed.data);
  throw new Error(`Environment of the function: ${z.prettifyError(parsed.error)}`);
}
