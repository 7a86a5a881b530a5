import type { ObservedBridge } from '../core/model/snapshot';
import type { ActionStatus } from '../core/protocol/action-record';
import type { ScalerEnv } from './env';
import type { Ports } from './ports';

/** What became of an action on one bridge. */
export interface StepResult {
  readonly status: Extract<ActionStatus, 'done' | 'skipped' | 'failed'>;
  /** What the bridge said of it, for people. */
  readonly detail?: string;
}

/** An action on one bridge, and what it needs. */
export interface StepContext {
  readonly ports: Ports;
  readonly env: ScalerEnv;
  /** As it was observed. */
  readonly bridge: ObservedBridge | undefined;
  readonly id: string;
}

export const done: StepResult = { status: 'done' };
