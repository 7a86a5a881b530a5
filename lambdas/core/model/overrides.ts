import { z } from 'zod';
import type { ReadingReason } from '../protocol/reason';
import type { EpochSeconds } from '../protocol/time';
import type { Overrides } from './snapshot';

/** No later than the last moment that a `Date` can tell. */
const until = z.number().max(8.64e12);
const count = z.number().int().min(0);

/** The stored form of the operator's active overrides; unknown keys are dropped. */
const overridesSchema = z.object({
  scale: z.object({ to: count, until, requestId: z.string().optional() }).optional(),
  bounds: z.object({ min: count.optional(), max: count.optional(), until }).optional(),
  pause: z.object({ until }).optional(),
});

/** Reads the override parameter; what cannot be read is treated as no override, and said. */
export function parseOverrides(text: string | undefined): {
  readonly overrides: Overrides;
  readonly problem?: ReadingReason;
} {
  if (text === undefined) return { overrides: {} };
  const parsed = overridesSchema.safeParse(jsonOf(text));
  if (parsed.success) return { overrides: withoutUndefined(parsed.data) };
  return { overrides: {}, problem: { code: 'OverridesUnreadable' } };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** JSON drops keys whose value is undefined, which is what exactOptionalPropertyTypes wants. */
function withoutUndefined(data: z.infer<typeof overridesSchema>): Overrides {
  return JSON.parse(JSON.stringify(data)) as Overrides;
}

/** The overrides without those that have expired. */
export function overridesInForce(overrides: Overrides, now: EpochSeconds): Overrides {
  const { scale, bounds, pause } = overrides;
  return {
    ...(scale !== undefined && scale.until > now ? { scale } : {}),
    ...(bounds !== undefined && bounds.until > now ? { bounds } : {}),
    ...(pause !== undefined && pause.until > now ? { pause } : {}),
  };
}
