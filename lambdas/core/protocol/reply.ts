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
