import type { DescribedAction } from './action-record';
import type { DrainOrigin } from './drain-tag';
import type { ReasonRecord } from './reason';

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
  /**
   * Since when it drains, and who ordered that; absent while it does not, or nobody of ours
   * ordered it.
   */
  readonly drain?: { readonly since: string; readonly by: DrainOrigin; readonly reason: string };
  /** Until when the operator keeps it from being drained. */
  readonly protectedUntil?: string;
}

/** A schedule as `status` and `plan` show it. Times are ISO 8601 UTC. */
export interface ScheduleStatus {
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
  readonly hold?: number;
  /** What it sets and when, in its own time: `hold 8 until 18:00 Fri Europe/Berlin`. */
  readonly text: string;
  readonly from: string;
  readonly until: string;
  /**
   * `ahead`: not open yet, bridges for it are ordered already. `next`: the first of those to come.
   */
  readonly state: 'open' | 'ahead' | 'next';
}

/** A command of the operator that is in force, as data and in words. `until` is ISO 8601 UTC. */
export type OverrideStatus = (
  | { readonly kind: 'scale'; readonly to: number }
  | { readonly kind: 'bounds'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'pause' }
) & { readonly until: string; readonly text: string };

/** What one run of the scaler decided and did: one line of its log; `status` shows the newest. */
export interface DecisionRecord {
  /** ISO 8601 UTC. */
  readonly time: string;
  readonly fleet: string;
  /** `schedule`, `event`, or `command <action>`. */
  readonly trigger: string;
  /** The figures that led to the decision, see `DecisionNumbers`. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly actions: readonly DescribedAction[];
  /** Actions in all, where `actions` was cut to fit into memory. */
  readonly actionCount?: number;
  readonly reasons: readonly ReasonRecord[];
  /** How long the run took. */
  readonly seconds: number;
}

export interface CommandReply {
  readonly ok: true;
  readonly before: FleetCounts;
  readonly after: FleetCounts;
  /** What was done and what became of it; of `plan`: what would be done. */
  readonly actions: readonly DescribedAction[];
  readonly reasons: readonly ReasonRecord[];
  /** `status` and `plan` only. */
  readonly bridges?: readonly BridgeStatus[];
  /** `status` only: the operator's active overrides and when they expire. */
  readonly overrides?: readonly OverrideStatus[];
  /**
   * `status` and `plan` only, and only where there are schedules: the open ones and the next one.
   */
  readonly schedules?: readonly ScheduleStatus[];
  /** `status` only: newest decision record. */
  readonly lastDecision?: DecisionRecord;
  /** Σ stress × weight, in reference bridges; absent without fresh data. */
  readonly load?: number;
}

export type CommandErrorCode =
  /** The event is not a command, or an argument is missing, mistyped or out of bounds. */
  | 'InvalidCommand'
  /** No such bridge in this fleet. */
  | 'UnknownBridge'
  /** A component bridge can be undrained only when it has no calls. */
  | 'NotReversible'
  /** A bridge's secret is renewed only while it is drained and empty. */
  | 'NotDrained'
  /** A protected bridge is not drained. */
  | 'Protected'
  /** The idempotency key `requestId` was used before for another command. */
  | 'RequestIdReused'
  /** The function that got the command only reads: it belongs to the scaler. */
  | 'ReadOnly';

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
