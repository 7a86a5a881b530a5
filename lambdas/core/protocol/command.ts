import { z } from 'zod';

/**
 * Operator's commands: the events of `aws lambda invoke` on the scaler, and its replies.
 * `{}`, a schedule or an EventBridge event is a tick and is not parsed here.
 */

const durationForm = 'must be a number of seconds or like 90s, 30m, 2h, 1d, at most 365d';

/**
 * `90s`, `30m`, `2h`, `1d` or a number of seconds → seconds. A command has an end that people live
 * to see.
 */
const durationSeconds = z
  .union([z.number().int().positive(), z.string().regex(/^[1-9]\d{0,7}[smhd]$/, durationForm)], {
    error: durationForm,
  })
  .transform((value) => {
    if (typeof value === 'number') return value;
    const count = Number(value.slice(0, -1));
    if (value.endsWith('d')) return count * 86400;
    if (value.endsWith('h')) return count * 3600;
    return value.endsWith('m') ? count * 60 : count;
  })
  .refine((seconds) => seconds <= 365 * 86400, { error: durationForm });

const requestId = z.string().min(1).max(64).optional();
const bridge = z
  .string()
  .regex(/^i-[0-9a-f]{8,17}$/, 'must be an instance id like i-0123456789abcdef0');
const defaultHold = 3600;

const scaleSchema = z
  .strictObject({
    action: z.literal('scale'),
    /** Booting + active bridges wanted. */
    to: z.number().int().optional(),
    /** Added to the booting + active of now; may be negative. */
    by: z.number().int().optional(),
    for: durationSeconds.default(defaultHold),
    requestId,
  })
  .refine((command) => (command.to === undefined) !== (command.by === undefined), {
    path: ['to'],
    error: 'give exactly one of to and by',
  });

export const commandSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('status'), requestId }),
  z.strictObject({ action: z.literal('plan'), requestId }),
  scaleSchema,
  z.strictObject({
    action: z.literal('bounds'),
    min: z.number().int().min(0).optional(),
    max: z.number().int().min(1).optional(),
    for: durationSeconds.default(defaultHold),
    requestId,
  }),
  z.strictObject({ action: z.literal('drain'), bridge, requestId }),
  z.strictObject({ action: z.literal('undrain'), bridge, requestId }),
  z.strictObject({
    action: z.literal('protect'),
    bridge,
    for: durationSeconds.default(defaultHold),
    requestId,
  }),
  z.strictObject({ action: z.literal('retire'), bridge, requestId }),
  /** Replaces the secret of a drained, empty bridge, and undrains it. */
  z.strictObject({ action: z.literal('rotate'), bridge, requestId }),
  /** No automatic launch, drain or retirement until resumed; actions in progress continue. */
  z.strictObject({
    action: z.literal('pause'),
    for: durationSeconds.default(defaultHold),
    requestId,
  }),
  /** Clears all overrides. */
  z.strictObject({ action: z.literal('resume'), requestId }),
]);

export type Command = z.infer<typeof commandSchema>;
