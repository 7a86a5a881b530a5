import type { Market } from './snapshot';

export interface LaunchedInstance {
  readonly instanceId: string;
  readonly instanceType: string;
  readonly market: Market;
}

/** One of the pools (type × subnet × market) that gave less than asked, and EC2's word for why. */
export interface PoolRefusal {
  readonly instanceType?: string;
  readonly subnetId?: string;
  readonly market: Market;
  readonly code: string;
  readonly message: string;
}

/**
 * EC2's answer to a launch request, all parts of it together.
 * - `answered`: EC2 did what it could; both lists may be non-empty or empty.
 * - `refused`: the request itself is wrong or not allowed; repeating it cannot help.
 */
export type LaunchOutcome =
  | {
      readonly status: 'answered';
      readonly launched: readonly LaunchedInstance[];
      readonly refusals: readonly PoolRefusal[];
      /** Of an order in several parts: parts that EC2 answered with nothing at all. */
      readonly silentParts?: number;
    }
  | { readonly status: 'refused'; readonly code: string; readonly message: string };
