import { z } from 'zod';

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
  without: z.array(z.string()),
  imageId: z.string().optional(),
});

const memorySchema = z.object({
  /** Of this format; another one is not read. */
  format: z.literal(1),
  /** Launches ordered so far; makes tokens unique within one second. */
  sequence: z.number().int().min(0).default(0),
  /** Sent, or about to be sent, and its answer is not recorded yet. */
  pendingLaunch: launchRequestSchema.optional(),
  /** Bridges that have been launched and never reported, with their launch time. */
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
  /** Since when fewer bridges would do without a break, and the most that were needed since. */
  fewer: z.object({ since: time, mostNeeded: z.number() }).optional(),
  /** Silent bridges whose service was restarted, and when. */
  repairs: timeByInstance,
  /** Bridges whose drain was taken back (or tried to be), and when. */
  takenBack: timeByInstance,
  /** Seconds from launch to first report of the newest bridges, newest last. */
  bootSeconds: z.array(z.number()).default([]),
  /** Prebaked image that EC2 refused to launch from. */
  refusedImage: z.string().optional(),
  /** Held when load data is missing. */
  wanted: z.number().optional(),
  /** Digest of the instances that the registrar was last told about. */
  instances: z.string().optional(),
  lastDecision: z.record(z.string(), z.unknown()).optional(),
  /** Commands that carried a requestId, newest last; `reply` as long as there is room. */
  answers: z
    .array(z.object({ requestId: z.string(), command: z.string(), reply: z.unknown().optional() }))
    .default([]),
});

/** What one tick tells the next. Losing it is safe: EC2's tags are the database. */
export type Memory = Readonly<z.infer<typeof memorySchema>>;

export const emptyMemory: Memory = memorySchema.parse({ format: 1 });

/** Reads stored memory; a missing one is empty, an unreadable one is empty and said. */
export function parseMemory(text: string | undefined): {
  readonly memory: Memory;
  readonly problem?: string;
} {
  if (text === undefined) return { memory: emptyMemory };
  try {
    const parsed = memorySchema.safeParse(JSON.parse(text));
    if (parsed.success) return { memory: parsed.data };
  } catch {
    // Not JSON: the same as any other unreadable memory.
  }
  return { memory: emptyMemory, problem: 'memory was unreadable and starts empty' };
}

/** Steps that make memory smaller, dearest last; what is under way (`pendingLaunch`) is never dropped. */
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
  (memory) => ({ ...memory, lastDecision: undefined }),
  (memory) => ({ ...memory, refusals: [], answers: [] }),
  (memory) => ({ ...memory, takenBack: {}, repairs: {} }),
  (memory) => ({ ...memory, booting: {} }),
];

/** JSON of the memory, at most {@link memoryLimitBytes}: the least needed parts go first. */
export function serializeMemory(memory: Memory): string {
  let kept = memory;
  for (const save of savings) {
    if (byteLength(JSON.stringify(kept)) <= memoryLimitBytes) break;
    kept = save(kept);
  }
  return JSON.stringify(kept);
}

/** UTF-8 length without Node's Buffer. */
function byteLength(text: string): number {
  return encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, '.').length;
}
