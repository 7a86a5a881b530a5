import { z } from 'zod';
import { authHost, instanceIdOfBridge } from './contract';
import { componentStress } from './stress';

/** One item of the stats node as it came over the wire: nothing about it is trusted yet. */
export interface StatsItem {
  /** Item id: the bridge's own component JID, if it is honest; the Prosody module refuses any other. */
  readonly itemId: string;
  /** Name and value of each `<stat>`, in order. */
  readonly stats: readonly (readonly [name: string, value: string])[];
}

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

export type StatsReading =
  | { readonly kind: 'report'; readonly report: StatsReport }
  /** Server A's default bridge: counted, not managed. */
  | { readonly kind: 'observed' }
  | { readonly kind: 'rejected'; readonly reason: RejectionReason };

export interface StatsContext {
  readonly domain: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Packets per second at stress 1. */
  readonly maxPacketRate: number;
}

/** Local part of the default bridge's component, as Jitsi's packages name it. */
const defaultBridge = 'jitsi-videobridge';
const toleranceMs = 60_000;

/** Total: whatever came over the wire is a report, an observation or a rejection with its reason. */
export function readStats(item: StatsItem, context: StatsContext): StatsReading {
  if (item.itemId === `${defaultBridge}.${context.domain}`) return { kind: 'observed' };
  const instanceId = senderOf(item.itemId, context.domain);
  if (instanceId === undefined) return { kind: 'rejected', reason: 'unknownSender' };
  const fields = new Map<string, string>();
  for (const [name, value] of item.stats) {
    if ((fields.get(name) ?? value) !== value) return { kind: 'rejected', reason: 'contradictory' };
    fields.set(name, value);
  }
  const parsed = statsSchema.safeParse(Object.fromEntries(fields));
  if (!parsed.success) return { kind: 'rejected', reason: reasonOf(parsed.error) };
  const stats = parsed.data;
  const ageMs = context.now - stats.current_timestamp;
  if (ageMs > toleranceMs) return { kind: 'rejected', reason: 'stale' };
  if (ageMs < -toleranceMs) return { kind: 'rejected', reason: 'fromTheFuture' };
  return {
    kind: 'report',
    report: {
      instanceId,
      reportedAt: stats.current_timestamp,
      stressRatio: componentStress(
        {
          packetsPerSecond: stats.packet_rate_download + stats.packet_rate_upload,
          ...(stats.cpu_usage === undefined ? {} : { cpuRatio: stats.cpu_usage }),
        },
        context.maxPacketRate,
      ),
      participantCount: stats.participants,
      conferenceCount: stats.conferences,
      draining: stats.graceful_shutdown || stats.shutting_down || stats.drain,
    },
  };
}

/** Instance id of the bridge whose component JID this is, or undefined for anyone else. */
function senderOf(jid: string, domain: string): string | undefined {
  const suffix = `.${domain}`;
  if (!jid.endsWith(suffix) || jid.endsWith(`.${authHost(domain)}`)) return undefined;
  return instanceIdOfBridge(jid.slice(0, -suffix.length));
}

/** Java's spelling of a number: `7`, `0.04854368932038834`, `1.0E-4`; `NaN` and `Infinity` are refused. */
const javaNumber = /^-?\d{1,15}(\.\d{1,20})?(E-?\d{1,3})?$/;

const problem = (reason: RejectionReason) => ({ error: reason });

const amount = (most: number) =>
  z
    .string(problem('missingField'))
    .regex(javaNumber, problem('notANumber'))
    .transform(Number)
    .pipe(
      z.number(problem('notANumber')).min(0, problem('negative')).max(most, problem('outOfRange')),
    );

const count = amount(1e6).pipe(z.number().int(problem('notANumber')));

const flag = z
  .enum(['true', 'false'], {
    error: ({ input }) => (input === undefined ? 'missingField' : 'notABoolean'),
  })
  .transform((value) => value === 'true');

/** `yyyy-MM-dd HH:mm:ss.SSS`, UTC. */
const timestamp = z
  .string(problem('missingField'))
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/, problem('notATimestamp'))
  .transform((text) => Date.parse(`${text.replace(' ', 'T')}Z`))
  .pipe(z.number(problem('notATimestamp')));

/** The stats that are used, named as in jitsi-videobridge's VideobridgeStatistics; the others are ignored. */
const statsSchema = z.object({
  current_timestamp: timestamp,
  packet_rate_download: amount(1e9),
  packet_rate_upload: amount(1e9),
  conferences: count,
  participants: count,
  graceful_shutdown: flag,
  /** Machine's share, 0..1; Sigar may overshoot a little. v2.1 up to build 202 has none. */
  cpu_usage: amount(2).optional(),
  /** Only newer bridges have these two. */
  shutting_down: flag.default(false),
  drain: flag.default(false),
});

function reasonOf(error: z.ZodError): RejectionReason {
  const message = error.issues[0]?.message;
  return rejectionReasons.find((reason) => reason === message) ?? 'notANumber';
}
