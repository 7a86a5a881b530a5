import { z } from 'zod';
import { authHost, breweryRoom, type ServerNames } from '../core/protocol/xmpp-names';
import { environment } from '../core/protocol/environment';
import { defaultMaxPacketRate } from '../core/stats/stress';

/** What the deployment tells the collector. */
export interface CollectorEnv {
  readonly fleet: string;
  /** Empty where the server is asked for it (`muc` only). */
  readonly domain: string;
  readonly generation: 'component' | 'muc';
  /** By the config; undefined where they are found on the server (`muc` only). */
  readonly names: ServerNames | undefined;
  readonly xmppHost: string;
  readonly xmppPort: number;
  readonly windowSeconds: number;
  readonly maxPacketRate: number;
}

const schema = z
  .object({
    [environment.fleet]: z.string().min(1),
    [environment.domain]: z.string().min(1).optional(),
    [environment.generation]: z.enum(['component', 'muc']),
    [environment.brewery]: z.string().min(1).optional(),
    [environment.xmppHost]: z.string().min(1),
    [environment.xmppPort]: z.coerce.number().int().min(1).max(65535).default(5222),
    [environment.windowSeconds]: z.coerce.number().min(1).max(60).default(12),
    [environment.maxPacketRate]: z.coerce.number().positive().default(defaultMaxPacketRate),
  })
  .refine((env) => env[environment.generation] === 'muc' || env[environment.domain] !== undefined, {
    path: [environment.domain],
    error: 'is missing',
  })
  .transform((env): CollectorEnv => ({
    fleet: env[environment.fleet],
    domain: env[environment.domain] ?? '',
    generation: env[environment.generation],
    names: namesOf(env[environment.domain], env[environment.brewery]),
    xmppHost: env[environment.xmppHost],
    xmppPort: env[environment.xmppPort],
    windowSeconds: env[environment.windowSeconds],
    maxPacketRate: env[environment.maxPacketRate],
  }));

function namesOf(domain: string | undefined, brewery: string | undefined): ServerNames | undefined {
  if (domain === undefined) return undefined;
  return { authHost: authHost(domain), brewery: brewery ?? breweryRoom(domain) };
}

/** @throws Error that names each variable at fault, and no values */
export function parseCollectorEnv(env: Readonly<Record<string, string | undefined>>): CollectorEnv {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  throw new Error(`Environment of the collector: ${z.prettifyError(parsed.error)}`);
}
