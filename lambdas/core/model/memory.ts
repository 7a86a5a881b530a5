import { z } from 'zod';
import { parameterText } from '../protocol/parameter-text';
import type { ReadingReason } from '../protocol/reason';
import type { DecisionRecord } from '../protocol/reply';

/** SSM's limit of a standard parameter, in bytes. */
export const memoryLimitBytes = 4096;

const time = z.number();
const timeByInstance = z.record(z.string(), time).default({});

const launchRequestSchema = z.object({
  token: z.string(),
  orderedAt: time,
  launchTemplateId: z.string(),
  launchTemplateVersion: z.string(),
  onDemandCount: z.number().int().min(0),
  spotCount: z.number().int().min(0),
  instanceTypes: z.array(z.object({ type: z.string(), weight: z.number() })),
  subnetIds: z.array(z.string()),
  onDemandPerSubnet: z.array(z.number().int().min(0)).readonly().optional(),
  excludedPools: z.array(z.string()),
  imageId: z.string().optional(),
});

/** As far as it is shown; this scaler wrote it, or the version before. */
const decisionRecordSchema = z
  .looseObject({
    time: z.string(),
    trigger: z.string(),
    actions: z.array(z.looseObject({ kind: z.string(), status: z.string(), text: z.string() })),
    reasons: z.array(z.looseObject({ code: z.string(), text: z.string() })),
    seconds: z.number(),
  })
  .transform((record) => record as unknown as DecisionRecord);

const memorySchema = z.object({
  /** Of this format; {@link upgraded} reads the one before. */
  format: z.literal(2),
  /** Launches ordered so far; makes tokens unique within one second. */
  sequence: z.number().int().min(0).default(0),
  /** Sent, or about to be sent, and its answer is not recorded yet. */
  pendingLaunch: launchRequestSchema.optional(),
  /**
   * What EC2 launched in the last minutes, order by order: by the tokens on the instances it is
   * told how many of them EC2 does not list yet.
   */
  launches: z
    .array(z.object({ token: z.string(), at: time, count: z.number().int().min(0) }))
    .default([]),
  /** Launched before there was {@link launches}, and not listed yet; with their launch time. */
  unlisted: timeByInstance,
  /**
   * Bridges that have been launched and never reported, with their launch time; of many at once
   * only some. They tell boots that fail, and how long boots take.
   */
  booting: timeByInstance,
  /** Boots that failed in a row; launches are blocked until then. */
  breaker: z
    .object({ failures: z.number().int().min(0), blockedUntil: time.optional() })
    .default({ failures: 0 }),
  /** Pools that lately had no capacity. */
  refusals: z
    .array(
      z.object({
        /** `<type>/<subnet>`. */
        pool: z.string(),
        market: z.enum(['on-demand', 'spot']),
        until: time,
      }),
    )
    .default([]),
  /** Spot pools gave less than asked for: what spot lacks is launched on demand until then. */
  spotShortUntil: time.optional(),
  /**
   * Scale-in cooldown: since when fewer bridges have sufficed without a break, and the most needed
   * since.
   */
  scaleInPending: z.object({ since: time, mostNeeded: z.number() }).optional(),
  /** Silent bridges whose service was restarted, and when. */
  repairs: timeByInstance,
  /** Bridges that were undrained (or tried to be), and when. */
  undrainedAt: timeByInstance,
  /** Seconds from launch to first report of the newest bridges, newest last. */
  bootSeconds: z.array(z.number()).default([]),
  /** Prebaked image that EC2 refused to launch from. */
  refusedImage: z.string().optional(),
  /**
   * Newest minute of data that a tick has decided on, and which of the two that start such ticks
   * has told of it last; see `scaler/minute.ts`.
   */
  decided: z.object({ minute: time, by: z.enum(['collector', 'schedule']) }).optional(),
  /** Size to hold when load data is missing. */
  wanted: z.number().optional(),
  /** Digest of the instances that the registrar was last told about. */
  instances: z.string().optional(),
  /** One that cannot be read is no reason to lose the rest. */
  lastDecision: decisionRecordSchema.optional().catch(undefined),
  /** Commands that carried a requestId, newest last; `reply` as long as there is room. */
  answers: z
    .array(z.object({ requestId: z.string(), command: z.string(), reply: z.unknown().optional() }))
    .default([]),
});

/** What one tick tells the next. Losing it is safe: EC2's tags are the database. */
export type Memory = Readonly<z.infer<typeof memorySchema>>;

export const emptyMemory: Memory = memorySchema.parse({ format: 2 });

/** Names of format 1 that have others now. */
const renamed: Readonly<Record<string, string>> = {
  fewer: 'scaleInPending',
  takenBack: 'undrainedAt',
  without: 'excludedPools',
};

/**
 * Memory of format 1 as format 2, and one without `launches` as one that has them: a launch that is
 * under way during an update must not be forgotten.
 */
function upgraded(stored: unknown): unknown {
  if (typeof stored !== 'object' || stored === null || !('format' in stored)) return stored;
  const memory = stored.format === 1 ? upgradedFrom1(stored) : stored;
  return 'launches' in memory || !('booting' in memory)
    ? memory
    : { ...memory, unlisted: memory.booting };
}

function upgradedFrom1(stored: object): object {
  const memory = withNewNames(stored);
  const { pendingLaunch } = memory;
  return {
    ...memory,
    format: 2,
    // Its actions were sentences.
    lastDecision: undefined,
    ...(typeof pendingLaunch === 'object' && pendingLaunch !== null
      ? { pendingLaunch: withNewNames(pendingLaunch) }
      : {}),
  };
}

function withNewNames(record: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [renamed[key] ?? key, value as unknown]),
  );
}

/** Reads stored memory; a missing one is empty, an unreadable one is empty and said. */
export function parseMemory(text: string | undefined): {
  readonly memory: Memory;
  readonly problem?: ReadingReason;
} {
  if (text === undefined) return { memory: emptyMemory };
  try {
    const parsed = memorySchema.safeParse(upgraded(JSON.parse(text)));
    if (parsed.success) return { memory: parsed.data };
  } catch {
    // Not JSON: the same as any other unreadable memory.
  }
  return { memory: emptyMemory, problem: { code: 'MemoryUnreadable' } };
}

/**
 * Steps that make memory smaller, dearest last; what is under way (`pendingLaunch`, `launches`) is
 * never dropped.
 */
const savings: readonly ((memory: Memory) => Memory)[] = [
  (memory) => ({ ...memory, answers: memory.answers.slice(-8) }),
  ...[4, 2, 1, 0].map((kept) => (memory: Memory) => ({
    ...memory,
    answers: memory.answers.map((answer, index) =>
      index >= memory.answers.length - kept
        ? answer
        : { requestId: answer.requestId, command: answer.command },
    ),
  })),
  (memory) => ({ ...memory, refusals: memory.refusals.slice(-10) }),
  (memory) => ({
    ...memory,
    undrainedAt: newest(memory.undrainedAt),
    repairs: newest(memory.repairs),
  }),
  (memory) => ({ ...memory, lastDecision: undefined }),
  (memory) => ({ ...memory, refusals: [], answers: [] }),
  (memory) => ({ ...memory, undrainedAt: {}, repairs: {} }),
  (memory) => ({ ...memory, booting: {} }),
];

/** Some of many are better than none: without them a bridge is drained or repaired once more. */
const keptNotes = 20;

function newest(times: Readonly<Record<string, number>>): Record<string, number> {
  const newestFirst = Object.entries(times).sort(([, one], [, other]) => other - one);
  return Object.fromEntries(newestFirst.slice(0, keptNotes));
}

/** JSON of the memory, at most {@link memoryLimitBytes}: the least needed parts go first. */
export function serializeMemory(memory: Memory): string {
  let kept = memory;
  for (const save of savings) {
    if (byteLength(textOf(kept)) <= memoryLimitBytes) break;
    kept = save(kept);
  }
  return textOf(kept);
}

/** What is stored counts: the record may hold braces of others. */
function textOf(memory: Memory): string {
  return parameterText(JSON.stringify(memory));
}

/** UTF-8 length without Node's Buffer. */
function byteLength(text: string): number {
  return encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, '.').length;
}
