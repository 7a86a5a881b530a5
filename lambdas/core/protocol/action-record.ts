import type { Reason } from './reason';

/**
 * - `drain`: tag, then tell the bridge.
 * - `undrain` (reversible drains): cancel the drain, calls go on.
 * - `recycle` (one-way drains): restart the service of an empty draining bridge.
 * - `retire`: refuse new calls for good, re-read, terminate when still empty.
 * - `repair`: restart the service of a silent bridge unless it has participants.
 * - `replace`: drain a silent bridge; terminate it if it says itself that it has no participants.
 * - `suspect` / `unsuspect`: mark a bridge that never reported or is stopped, or clear the mark.
 * - `terminate`: terminate a suspect that is still stopped, or never was registered; drain one that
 *   was registered and never reported, and terminate it if it says that it has no participants.
 */
export type BridgeActionKind =
  | 'drain'
  | 'undrain'
  | 'recycle'
  | 'retire'
  | 'repair'
  | 'replace'
  | 'suspect'
  | 'unsuspect'
  | 'terminate';

/** What only the operator orders. */
export type OperatorActionKind = 'protect' | 'renewSecret';

/**
 * - `planned`: what the next tick would do (`plan` only).
 * - `done`: carried out, or ordered and not confirmed yet (`detail` says so).
 * - `partial`: a launch that got fewer bridges than asked for.
 * - `skipped`: not carried out for safety; nothing has changed, the next tick looks again.
 * - `failed`: an error; the next tick resumes.
 */
export type ActionStatus = 'planned' | 'done' | 'partial' | 'skipped' | 'failed';

interface Outcome {
  readonly status: ActionStatus;
  /** What the remote system said of it, where that is worth telling: for people, never parsed. */
  readonly detail?: string;
  readonly reason?: Reason;
}

/** An action and what became of it. */
export type ActionRecord = LaunchRecord | BridgeActionRecord;

export interface LaunchRecord extends Outcome {
  readonly kind: 'launch';
  /** Bridges asked for. */
  readonly count: number;
  readonly token: string;
  /** `repeat`: a request of an earlier tick whose answer was never recorded. */
  readonly attempt: 'first' | 'repeat';
  /** Instances that EC2 launched; absent before its answer. */
  readonly instanceIds?: readonly string[];
  /** EC2's codes for what it refused, and by how many pools. */
  readonly refusals?: readonly PoolRefusals[];
  /** Prebaked image that is not used any more, since EC2 refused it. */
  readonly imageDropped?: string;
}

export interface PoolRefusals {
  readonly errorCode: string;
  readonly pools: number;
  /**
   * EC2's message, where it is not about the pools: a limit of the account, a missing right. For
   * people, never parsed.
   */
  readonly message?: string;
}

export interface BridgeActionRecord extends Outcome {
  readonly kind: BridgeActionKind | OperatorActionKind;
  readonly instanceId: string;
  /** End of a protection, ISO 8601 UTC. */
  readonly until?: string;
}

/** An action as replies and decision records carry it: data, and the same in words. */
export type DescribedAction = ActionRecord & { readonly text: string };
