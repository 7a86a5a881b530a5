import type { ObservedBridge } from '../core/model/snapshot';
import type { ActionStatus } from '../core/protocol/action-record';
import { formatDrainTag, type Drain } from '../core/protocol/drain-tag';
import { tagKeys } from '../core/protocol/tags';
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

/** Marks a bridge as drained from now on. */
export async function tagDrain(
  { instances, clock }: Pick<Ports, 'instances' | 'clock'>,
  id: string,
  { by, reason }: Pick<Drain, 'by' | 'reason'>,
): Promise<void> {
  await instances.tag(id, { [tagKeys.drain]: formatDrainTag({ since: clock.now(), by, reason }) });
}
