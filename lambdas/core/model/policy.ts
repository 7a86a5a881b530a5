import { z } from 'zod';
import { scheduleFaults } from '../schedules/check-schedules';
import { mostSchedules, scheduleSchema } from '../schedules/schedule';

const seconds = (text: string, fallback: number) =>
  z.number().int().positive().default(fallback).describe(text);

/**
 * What the operator configured about the size of the fleet. Only `min` and `max` have no default.
 */
export const policySchema = z
  .strictObject({
    min: z.number().int().min(0).describe('Minimum number of bridges (booting + active).'),
    max: z
      .number()
      .int()
      .min(1)
      .describe('Maximum number of bridges (booting + active + draining).'),
    surge: z
      .number()
      .int()
      .min(0)
      .default(0)
      .describe(
        'Bridges allowed above `max` while draining bridges still have calls: a bridge that is drained at full size is replaced at once, not after its last call. Booting + active never exceed `max`.',
      ),
    targetStress: z
      .number()
      .min(0.05)
      .max(1)
      .default(0.75)
      .describe(
        'Average stress that the expected load may cause. Jicofo treats a bridge as overloaded from 0.8.',
      ),
    headroomBridges: z
      .number()
      .min(0)
      .default(0)
      .describe('Headroom: a fixed number of bridges beyond what the load needs.'),
    headroomFactor: z
      .number()
      .min(0)
      .max(5)
      .default(1.05)
      .describe(
        'Headroom for random variation: this factor times the square root of the bridges that the load needs. Large fleets need relatively less.',
      ),
    forecast: z
      .enum(['on', 'off', 'shadow'])
      .default('on')
      .describe(
        '`on`: launch bridges before the load rises, based on earlier weeks and the last minutes. `shadow`: compute and publish the forecast, but do not use it. `off`: use the current load only.',
      ),
    scaleInPatienceSeconds: seconds(
      'Scale-in cooldown: how long fewer bridges must suffice, without a break, before one is drained.',
      120,
    ),
    bootTimeoutSeconds: seconds(
      'Longest time from launch to the first statistics before a bridge is replaced.',
      900,
    ),
    silentSeconds: seconds(
      'How long an active bridge may be silent before it is repaired, and then replaced.',
      180,
    ),
    emptySeconds: seconds('How long a draining bridge must be empty before it is retired.', 60),
    staleSeconds: seconds('Age from which load data is treated as missing.', 150),
    schedules: z
      .array(scheduleSchema)
      .max(mostSchedules, {
        error: `must be ${mostSchedules} schedules or fewer, since Lambda limits the size of the environment; combine windows by listing several days`,
      })
      .default([])
      .describe(
        'Weekly windows with their own bounds; see [policy.md](policy.md#schedules). Bridges are launched early, so that they are ready when the window opens.',
      ),
  })
  .refine((policy) => policy.min <= policy.max, {
    path: ['min'],
    error: 'must not be greater than max; lower min or raise max',
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
