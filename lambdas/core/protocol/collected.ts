import { z } from 'zod';
import type { EpochSeconds } from './time';

/** What the collector tells of the data that it has just published. */
export interface Collected {
  /** Minute that CloudWatch files the metrics under. */
  readonly minute: EpochSeconds;
  /** When the collector began to listen: every report of the minute is at least as new. */
  readonly heardFrom: EpochSeconds;
}

/** The collector's answer to an invocation. */
export type CollectorResult =
  | ({ readonly result: 'published'; readonly bridges: number } & Collected)
  /** There is no account yet, or no certificate is pinned. */
  | { readonly result: 'notRegisteredYet'; readonly bridges: 0 };

/**
 * Lambda's record of an asynchronous invocation that succeeded, as it gives it to a destination.
 */
const successSchema = z.object({
  requestContext: z.object({ condition: z.literal('Success') }),
  responsePayload: z.unknown(),
});

const publishedSchema = z.object({
  result: z.literal('published'),
  minute: z.number().min(0),
  heardFrom: z.number().min(0),
});

/**
 * Reads the record of a collector's success.
 * @returns what was published, `nothing` when the collector published nothing, undefined for any
 *   other event
 */
export function parseCollected(event: unknown): Collected | 'nothing' | undefined {
  const success = successSchema.safeParse(event);
  if (!success.success) return undefined;
  const published = publishedSchema.safeParse(success.data.responsePayload);
  if (!published.success) return 'nothing';
  const { minute, heardFrom } = published.data;
  return { minute, heardFrom };
}
