import type { ForeignInstance } from './origin';
import type { EpochSeconds } from './time';

/**
 * Why the autoscaler did what it did, as data: a code and the figures it rests on.
 * `words/describe-reason.ts` puts a reason into words for the command line, the log and the docs;
 * nothing parses those words.
 */
export type Reason =
  SizeReason | LaunchReason | ScheduleReason | BridgeReason | OperatorReason | ReadingReason;

/** Why the fleet has the size that it has. */
export type SizeReason =
  /** The size follows from the load: now, and as forecast. Figures as in `DecisionNumbers`. */
  | {
      readonly code: 'LoadNeeds';
      /** Σ stress × weight, in reference bridges. */
      readonly load: number;
      /** Bridges needed until capacity ordered now is ready. */
      readonly needed: number;
      /** Bridges needed at some time of the coming hour, where that is more. */
      readonly scaleInFloor?: number;
      /** Highest load that the forecast expects, where it is above the load of now, and when. */
      readonly forecastLoad?: number;
      readonly forecastAt?: EpochSeconds;
      /** Bridges that schedules want at least. */
      readonly hold?: number;
      readonly min: number;
      readonly max: number;
    }
  /** Fewer bridges suffice, but not for `scaleInPatienceSeconds` yet. */
  | { readonly code: 'ScaleInCooldown'; readonly needed: number; readonly secondsLeft: number }
  /**
   * Fewer bridges suffice by what was heard, but a bridge was not heard: `lately`, or in the
   * `newestMinute`.
   */
  | {
      readonly code: 'ScaleInHold';
      readonly needed: number;
      readonly unheard: 'lately' | 'newestMinute';
    }
  /** Fewer bridges sufficed for the whole cooldown. */
  | { readonly code: 'ScaleIn'; readonly needed: number; readonly seconds: number }
  /** There is no load data, or it is too old. */
  | { readonly code: 'NoLoadData'; readonly hold: number; readonly ageSeconds?: number }
  /** The operator's `scale` is in force. */
  | { readonly code: 'OperatorScale'; readonly to: number }
  /** Another number was wanted, and a bound changed it. */
  | { readonly code: 'Bounded'; readonly by: 'min' | 'max'; readonly bound: number }
  /** The operator's `pause` is in force. */
  | { readonly code: 'Paused' };

/** Why a launch is smaller than wanted, repeated or given up. */
export type LaunchReason =
  /** `max` (+ `surge`) leaves room for fewer than are missing; draining bridges count. */
  | {
      readonly code: 'NoRoom';
      readonly missing: number;
      readonly room: number;
      readonly draining: number;
      readonly max: number;
    }
  /** Boots failed in a row: launches stop, or one is tried as a probe. */
  | { readonly code: 'BreakerOpen'; readonly failures: number; readonly probe: boolean }
  /** An earlier request whose answer was never recorded. */
  | {
      readonly code: 'LaunchRepeated' | 'LaunchWaits' | 'LaunchGivenUp';
      readonly token: string;
    }
  /** A launched bridge never reported; `inARow` boots have failed without a success between. */
  | { readonly code: 'BootFailed'; readonly instanceId: string; readonly inARow: number }
  /**
   * Last lines of the console of a bridge whose boot failed; none when it is empty or unreadable.
   */
  | {
      readonly code: 'BootConsole';
      readonly instanceId: string;
      readonly lines: readonly string[];
      /** Error name, when the console could not be read. */
      readonly unreadable?: string;
    };

/** A schedule that counts now. */
export interface ScheduleReason {
  readonly code: 'Schedule';
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
  readonly hold?: number;
  /** IANA name of the schedule's time zone. */
  readonly zone: string;
  /** `ahead`: not open yet, but bridges ordered now are ready when it opens. */
  readonly state: 'open' | 'ahead';
  /** When it closes (`open`), or opens (`ahead`). */
  readonly at: EpochSeconds;
  /** What keeps the schedule from having its way. */
  readonly overruledBy?: 'scale' | 'bounds' | 'max';
  /** The max in force. */
  readonly maxInForce: number;
}

/** Why something is done to one bridge, whatever the size of the fleet. */
export type BridgeReason =
  /** A suspect bridge reports after all. */
  | { readonly code: 'Reports' }
  | {
      readonly code: 'Silent' | 'SilentAfterRepair' | 'SilentWhileDraining';
      readonly seconds: number;
    }
  /** Launched so many seconds ago, and never heard. */
  | { readonly code: 'NeverReported'; readonly seconds: number }
  | { readonly code: 'Stopped' }
  /** The bridge drains, and nobody of ours ordered it. */
  | { readonly code: 'SaysItDrains' }
  | { readonly code: 'DrainUnconfirmed' }
  | { readonly code: 'DrainedEmpty'; readonly seconds: number };

/** A command of the operator about one bridge, or its repeat. */
export type OperatorReason =
  | {
      readonly code: 'OperatorCommand';
      readonly action: string;
      readonly instanceId: string;
    }
  /** The idempotency key was used, and its answer is no longer kept. */
  | { readonly code: 'AnswerForgotten' };

/** Something could not be read or believed and was replaced by nothing. */
export type ReadingReason =
  | { readonly code: 'MemoryUnreadable' | 'OverridesUnreadable' | 'ImageUnreadable' }
  /** The prebaked image was made by another recipe than the deployment's. */
  | {
      readonly code: 'ImageOutdated';
      readonly imageId: string;
      readonly recipe: string;
      readonly wantedRecipe: string;
    }
  | { readonly code: 'HistoryUnreadable'; readonly error: string }
  /** It carries the fleet's tag, and the fleet did not launch it: it is left alone. */
  | ({ readonly code: 'ForeignInstance' } & ForeignInstance);

/** A reason as records carry it: data, and the same in words. */
export type ReasonRecord = Reason & { readonly text: string };
