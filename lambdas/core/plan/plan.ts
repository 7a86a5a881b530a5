import type { Action } from '../model/action';
import type { Memory } from '../model/memory';
import type { Reason } from '../protocol/reason';

/** Part of a decision: what to do, what to remember of it, and why. */
export interface Plan {
  readonly actions: readonly Action[];
  readonly memory: Memory;
  readonly reasons: readonly Reason[];
}
