import type { LoadSample } from '../workload/history';

/** A bridge as a controller sees it. Times in epoch seconds. */
export interface ObservedBridge {
  readonly id: string;
  /**
   * `booting`: has not reported yet. `draining`: takes no new conferences while others are left.
   */
  readonly phase: 'booting' | 'active' | 'draining';
  readonly launchedAt: number;
  /** Capacity relative to the reference bridge. */
  readonly weight: number;
  readonly zone: string;
  readonly drainingSince?: number;
  /** Newest metrics; absent until the collector has seen the bridge. */
  readonly metrics?: {
    /** When they were taken: 5–75 s ago, longer while metrics are absent. */
    readonly at: number;
    /** Load over capacity: overloaded from 0.8, full at 1, may be more. */
    readonly stress: number;
    readonly participants: number;
    readonly conferences: number;
    readonly draining: boolean;
  };
}

/** All that a controller is told at one of its ticks. */
export interface Observation {
  readonly now: number;
  /** When the newest metrics were taken; absent when there never were any. */
  readonly metricsAt?: number;
  readonly bridges: readonly ObservedBridge[];
  /**
   * 5-minute averages of the fleet's load in reference bridges, oldest first; the same array until
   * there is a new one.
   */
  readonly history: readonly LoadSample[];
}

export type Action =
  | { readonly kind: 'launch'; readonly count: number }
  /** An active bridge gets no new conferences while others are left. */
  | { readonly kind: 'drain'; readonly id: string }
  /** Takes a drain back at once; only where drains are reversible. */
  | { readonly kind: 'undrain'; readonly id: string }
  /** Restarts the service of an empty draining bridge: active again 20 s later. */
  | { readonly kind: 'recycle'; readonly id: string }
  /** Terminates a draining bridge if it is still empty when checked again. */
  | { readonly kind: 'retire'; readonly id: string }
  /** Ends a bridge at once, whoever is on it. */
  | { readonly kind: 'terminate'; readonly id: string };

/** What became of the actions of a tick, in their order. */
export interface ActionResult {
  readonly isDone: boolean;
  /** Of a launch: the ids of the new bridges. */
  readonly launchedIds?: readonly string[];
}

/** What a controller is made with. */
export interface ControllerOptions {
  /** Fewest and most bridges that the operator allows. */
  readonly min: number;
  readonly max: number;
  readonly isDrainReversible: boolean;
  /** Stress from which a bridge is overloaded. */
  readonly overloadStress: number;
  /** Settings of the controller's own, by name. */
  readonly settings: Readonly<Record<string, number>>;
}

export interface Controller {
  /** Seconds between ticks. */
  readonly intervalSeconds: number;
  /**
   * Ends drained bridges and those that never report by itself; default: the arena does, 60 s and
   * 15 min later.
   */
  readonly endsBridges?: boolean;
  decide(observation: Observation): readonly Action[];
  /** Told after each tick, before the next one. */
  onResults?(results: readonly ActionResult[]): void;
}

/** What a module in the arena exports. */
export type CreateController = (options: ControllerOptions) => Controller;
