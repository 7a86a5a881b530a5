import { z } from 'zod';
import { scheduleFaults } from '../schedules/check-schedules';
import { mostSchedules, scheduleSchema } from '../schedules/schedule';

const seconds = (text: string, fallback: number) =>
  z.number().int().positive().default(fallback).describe(text);

/** What the operator configured about the size of the fleet. Every key has a default except `min` and `max`. */
export const policySchema = z
  .strictObject({
    min: z.number().int().min(0).describe('Fewest bridges (booting + active).'),
    max: z.number().int().min(1).describe('Most bridges (booting + active + draining).'),
    surge: z
      .number()
      .int()
      .min(0)
      .default(0)
      .describe(
        'Bridges allowed above `max` while drained ones still have calls: a bridge that is drained at full size is replaced at once, not when its last call ends. Booting + active never exceed `max`.',
      ),
    targetStress: z
      .number()
      .min(0.05)
      .max(1)
      .default(0.75)
      .describe(
        'Mean stress that the expected load may cause; Jicofo calls a bridge overloaded at 0.8.',
      ),
    headroomBridges: z
      .number()
      .min(0)
      .default(0)
      .describe('Bridges held ready beyond what the load needs.'),
    headroomFactor: z
      .number()
      .min(0)
      .max(5)
      .default(1.05)
      .describe(
        'Bridges held ready for chance: this times the square root of the bridges that the load needs. Large fleets need relatively less.',
      ),
    forecast: z
      .enum(['on', 'off', 'shadow'])
      .default('on')
      .describe(
        '`on`: bridges are launched before the load comes, by what earlier weeks and the last minutes tell. `shadow`: computed and published, not acted on. `off`: only the load of now counts.',
      ),
    scaleInPatienceSeconds: seconds(
      'How long fewer bridges must suffice, without a break, before one is drained.',
      120,
    ),
    bootTimeoutSeconds: seconds(
      'Longest time from launch to first stats before a bridge is replaced.',
      900,
    ),
    silentSeconds: seconds(
      'How long an active bridge may be silent before it is repaired, then replaced.',
      180,
    ),
    emptySeconds: seconds('How long a draining bridge must be empty before it is retired.', 60),
    staleSeconds: seconds('Age from which load data counts as missing.', 150),
    schedules: z
      .array(scheduleSchema)
      .max(mostSchedules, {
        error: `must be at most ${mostSchedules} schedules: Lambda limits the environment that carries them; join windows by their days`,
      })
      .default([])
      .describe(
        'Weekly windows with bounds of their own; see [policy.md](policy.md#schedules). What adds bridges counts ahead, so that they are ready when the window opens.',
      ),
  })
  .refine((policy) => policy.min <= policy.max, {
    path: ['min'],
    error: 'min must not be greater than max',
  })
  .check(({ value, issues }) => {
    for (const { index, key, message } of scheduleFaults(value.schedules, value))
      issues.push({
        code: 'custom',
        input: value.schedules[index]?.[key],
        path: ['schedules', index, key],
        message,
      });
  })
  .readonly();

/** Validated policy. Durations in seconds. */
export type Policy = z.infer<typeof policySchema>;
