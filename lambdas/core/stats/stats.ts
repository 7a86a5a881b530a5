import { z } from 'zod';

/**
 * Name and value of each `<stat>` as it came over the wire, in order: nothing about them is
 * trusted yet.
 */
export type RawStats = readonly (readonly [name: string, value: string])[];

/** What one bridge of ours says about itself, validated. */
export interface StatsReport {
  readonly instanceId: string;
  /** Milliseconds since the epoch, by the bridge's clock. */
  readonly reportedAt: number;
  /** 1 = full; may exceed 1. */
  readonly stressRatio: number;
  readonly participantCount: number;
  readonly conferenceCount: number;
  /** It takes no new conferences. */
  readonly draining: boolean;
}

export const rejectionReasons = [
  /** Neither a bridge of this fleet's naming nor Server A's default bridge. */
  'unknownSender',
  /** A bridge's nickname in the brewery, under an account that is not that bridge's. */
  'otherAccount',
  /** The brewery does not say whose nickname it is. */
  'hiddenAddress',
  /**
   * In the brewery when we came, and not heard of in the window: its last presence is all that is
   * left.
   */
  'frozen',
  /** The bridge says that it cannot do its work. */
  'unhealthy',
  'missingField',
  /** Twice the same name with different values. */
  'contradictory',
  'notANumber',
  'negative',
  /** More than any machine can have; also what CloudWatch would refuse a whole request for. */
  'outOfRange',
  'notATimestamp',
  'notABoolean',
  /** Older than a minute by the collector's clock. */
  'stale',
  /** More than a minute ahead of the collector's clock. */
  'fromTheFuture',
] as const;
export type RejectionReason = (typeof rejectionReasons)[number];

export interface Rejection {
  readonly kind: 'rejected';
  readonly reason: RejectionReason;
  /** Bridge of ours that it surely came from, as far as that is known. */
  readonly instanceId?: string;
}

export type StatsReading =
  | { readonly kind: 'report'; readonly report: StatsReport }
  /** Server A's default bridge: counted, not managed. */
  | { readonly kind: 'observed' }
  /** A bridge of ours is gone from the brewery: what it said before no longer holds. */
  | { readonly kind: 'left'; readonly instanceId: string }
  /** Says nothing about a bridge. */
  | { readonly kind: 'nothing' }
  | Rejection;

export interface StatsContext {
  readonly domain: string;
  /** XMPP host of the accounts of `muc` bridges. @default auth.<domain> */
  readonly accountsHost?: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Packets per second at stress 1, for bridges that do not report their stress. */
  readonly maxPacketRate: number;
}

export function rejected(reason: RejectionReason): Rejection {
  return { kind: 'rejected', reason };
}

const toleranceMs = 60_000;

/**
 * Stats as a schema of the fields below wants them, of this very minute; or what is wrong with
 * them.
 */
export function parseStats<Output extends { readonly current_timestamp: number }>(
  raw: RawStats,
  schema: z.ZodType<Output>,
  now: number,
): { readonly kind: 'stats'; readonly stats: Output } | Rejection {
  const fields = new Map<string, string>();
  for (const [name, value] of raw) {
    if ((fields.get(name) ?? value) !== value) return rejected('contradictory');
    fields.set(name, value);
  }
  const parsed = schema.safeParse(Object.fromEntries(fields));
  if (!parsed.success) return rejected(reasonOf(parsed.error));
  const ageMs = now - parsed.data.current_timestamp;
  if (ageMs > toleranceMs) return rejected('stale');
  if (ageMs < -toleranceMs) return rejected('fromTheFuture');
  return { kind: 'stats', stats: parsed.data };
}

/**
 * Java's spelling of a number: `7`, `0.04854368932038834`, `1.0E-4`; `NaN` and `Infinity` are
 * refused.
 */
const javaNumber = /^-?\d{1,15}(\.\d{1,20})?(E-?\d{1,3})?$/;

const problem = (reason: RejectionReason) => ({ error: reason });

/** A number from 0 to `most`. */
export const amount = (most: number) =>
  z
    .string(problem('missingField'))
    .regex(javaNumber, problem('notANumber'))
    .transform(Number)
    .pipe(
      z.number(problem('notANumber')).min(0, problem('negative')).max(most, problem('outOfRange')),
    );

export const count = amount(1e6).pipe(z.number().int(problem('notANumber')));

export const flag = z
  .enum(['true', 'false'], {
    error: ({ input }) => (input === undefined ? 'missingField' : 'notABoolean'),
  })
  .transform((value) => value === 'true');

/** `yyyy-MM-dd HH:mm:ss.SSS`, UTC. */
export const timestamp = z
  .string(problem('missingField'))
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/, problem('notATimestamp'))
  .transform((text) => Date.parse(`${text.replace(' ', 'T')}Z`))
  .pipe(z.number(problem('notATimestamp')));

function reasonOf(error: z.ZodError): RejectionReason {
  const message = error.issues[0]?.message;
  return rejectionReasons.reduce<RejectionReason>(
    (found, reason) => (reason === message ? reason : found),
    'notANumber',
  );
}
