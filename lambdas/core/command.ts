import { z } from 'zod';

/**
 * Operator's commands: the events of `aws lambda invoke` on the scaler, and its replies.
 * `{}`, a schedule or an EventBridge event is a tick and is not parsed here.
 */

const durationForm = 'must be a number of seconds or like 90s, 30m, 2h, 1d, at most 365d';

/** `90s`, `30m`, `2h`, `1d` or a number of seconds → seconds. A command has an end that people live to see. */
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
  /** Gives a bridge that is drained and empty another secret, and takes its drain back. */
  z.strictObject({ action: z.literal('rotate'), bridge, requestId }),
  /** No automatic launch, drain or retirement until resumed; what is under way goes on. */
  z.strictObject({
    action: z.literal('pause'),
    for: durationSeconds.default(defaultHold),
    requestId,
  }),
  /** Ends every override in force. */
  z.strictObject({ action: z.literal('resume'), requestId }),
]);

export type Command = z.infer<typeof commandSchema>;

/** Bridges by phase; `wanted` counts booting + active. */
export interface FleetCounts {
  readonly wanted: number;
  readonly booting: number;
  readonly active: number;
  readonly draining: number;
}

/** One bridge as `status` shows it. Times are ISO 8601 UTC. */
export interface BridgeStatus {
  readonly instanceId: string;
  readonly name: string;
  readonly phase: 'booting' | 'active' | 'draining' | 'retiring';
  readonly instanceType: string;
  readonly zone: string;
  readonly launchedAt: string;
  readonly registered: boolean;
  /** Absent while the bridge has not reported. */
  readonly stressRatio?: number;
  readonly participantCount?: number;
  readonly conferenceCount?: number;
  readonly reportAgeSeconds?: number;
}

/** A schedule as `status` and `plan` show it. Times are ISO 8601 UTC. */
export interface ScheduleStatus {
  readonly name: string;
  /** What it sets and when, in its own time: `hold 8 until 18:00 Fri Europe/Berlin`. */
  readonly text: string;
  readonly from: string;
  readonly until: string;
  /** `ahead`: not open yet, bridges for it are ordered already. `next`: the first of those to come. */
  readonly state: 'open' | 'ahead' | 'next';
}

export interface CommandReply {
  readonly ok: true;
  readonly before: FleetCounts;
  readonly after: FleetCounts;
  /** What was done (`plan`: would be done), a short sentence each. */
  readonly actions: readonly string[];
  readonly reasons: readonly string[];
  /** `status` and `plan` only. */
  readonly bridges?: readonly BridgeStatus[];
  /** `status` only: the operator's commands in force, with their ends. */
  readonly overrides?: readonly { readonly text: string; readonly until?: string }[];
  /** `status` and `plan` only, and only where there are schedules: those in force, and the next one. */
  readonly schedules?: readonly ScheduleStatus[];
  /** `status` only: newest decision record. */
  readonly lastDecision?: Record<string, unknown>;
  readonly load?: number;
}

export type CommandErrorCode =
  /** The event is not a command, or an argument is missing, mistyped or out of bounds. */
  | 'InvalidCommand'
  /** No such bridge in this fleet. */
  | 'UnknownBridge'
  /** A v1 bridge cannot take a drain back while it has calls. */
  | 'NotReversible'
  /** A bridge's secret is rotated only while it is drained and empty. */
  | 'NotDrained'
  /** A protected bridge is not drained. */
  | 'Protected'
  /** `requestId` was used before for another command. */
  | 'RequestIdReused';

export interface CommandFailure {
  readonly ok: false;
  readonly error: {
    readonly code: CommandErrorCode;
    /** Path of the field at fault, `action` when the action itself is. */
    readonly field: string;
    readonly message: string;
  };
}

/** Reply to any command; a failure has changed nothing. */
export type Reply = CommandReply | CommandFailure;
