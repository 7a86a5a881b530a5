import fc from 'fast-check';
import type { BridgeReport } from '../../../lambdas/core/model/snapshot';

/** What goes wrong with one report on its way from the bridge to the decision. */
export const spoilings = {
  'not a number': (report: BridgeReport) => [{ ...report, stressRatio: NaN }],
  negative: (report: BridgeReport) => [{ ...report, participantCount: -1 }],
  missing: () => [],
  'from the future': (report: BridgeReport) => [
    { ...report, minute: report.minute + 3600, participantCount: 0, conferenceCount: 0 },
  ],
  'duplicate that says empty': (report: BridgeReport) => [
    report,
    { ...report, stressRatio: 0, participantCount: 0, conferenceCount: 0 },
  ],
  'duplicate that says empty, in front': (report: BridgeReport) => [
    { ...report, stressRatio: 0, participantCount: 0, conferenceCount: 0 },
    report,
  ],
} as const satisfies Record<string, (report: BridgeReport) => readonly BridgeReport[]>;

export type Spoiling = keyof typeof spoilings;

/**
 * What an operator or an unkind world may do in a minute. `pick` chooses a bridge, modulo their
 * number.
 */
export type LifeEvent =
  | { readonly kind: 'collectorGap' }
  | { readonly kind: 'spoilReport'; readonly pick: number; readonly how: Spoiling }
  | { readonly kind: 'lie' | 'drainByItself' | 'mute' | 'vanish' | 'stop'; readonly pick: number }
  /** EC2 gives at most this many bridges per request. */
  | { readonly kind: 'scarce'; readonly count: number }
  /** EC2 fails on a launch, before or after it was made. */
  | { readonly kind: 'launchThrows'; readonly when: 'before' | 'after' }
  /** Bridges launched in this minute never come up, or EC2 lists them late. */
  | { readonly kind: 'badBoot' | 'neverRegistered' }
  /**
   * Bridges launched in this minute take calls and are never believed, or no Run Command ever
   * reaches them, or both: nobody can know that they have people.
   */
  | { readonly kind: 'neverBelieved' | 'deafForGood' | 'unknowable' }
  | { readonly kind: 'lateList' }
  /** No Run Command reaches a bridge. */
  | { readonly kind: 'deafAgents' }
  /** The process dies before this many writes are done. */
  | { readonly kind: 'crash'; readonly afterWrites: number }
  | { readonly kind: 'memory'; readonly how: 'lost' | 'stale' | 'garbage' }
  /** The clock of this run is off. */
  | { readonly kind: 'clock'; readonly seconds: number }
  | { readonly kind: 'operatorScale'; readonly to: number; readonly minutes: number }
  | {
      readonly kind: 'operatorBounds';
      readonly min: number;
      readonly spread: number;
      readonly minutes: number;
    }
  | { readonly kind: 'operatorPause'; readonly minutes: number }
  | { readonly kind: 'operatorResume' }
  | { readonly kind: 'operatorDrain'; readonly pick: number }
  | { readonly kind: 'operatorProtect'; readonly pick: number; readonly minutes: number };

const pick = fc.nat({ max: 30 });
const minutes = fc.integer({ min: 1, max: 30 });
const plain = <K extends string>(...kinds: readonly K[]) =>
  fc.record({ kind: fc.constantFrom(...kinds) });

export const lifeEvent: fc.Arbitrary<LifeEvent> = fc.oneof(
  plain('collectorGap'),
  plain('badBoot', 'neverRegistered', 'lateList', 'deafAgents'),
  plain('neverBelieved', 'deafForGood', 'unknowable'),
  fc.record({
    kind: fc.constant('spoilReport' as const),
    pick,
    how: fc.constantFrom(...(Object.keys(spoilings) as Spoiling[])),
  }),
  fc.record({
    kind: fc.constantFrom('lie', 'drainByItself', 'mute', 'vanish', 'stop'),
    pick,
  }),
  fc.record({ kind: fc.constant('scarce' as const), count: fc.nat({ max: 3 }) }),
  fc.record({
    kind: fc.constant('launchThrows' as const),
    when: fc.constantFrom('before', 'after'),
  }),
  fc.record({ kind: fc.constant('crash' as const), afterWrites: fc.nat({ max: 8 }) }),
  fc.record({
    kind: fc.constant('memory' as const),
    how: fc.constantFrom('lost', 'stale', 'garbage'),
  }),
  fc.record({ kind: fc.constant('clock' as const), seconds: fc.integer({ min: -300, max: 300 }) }),
  fc.record({
    kind: fc.constant('operatorScale' as const),
    to: fc.integer({ min: 0, max: 12 }),
    minutes,
  }),
  fc.record({
    kind: fc.constant('operatorBounds' as const),
    min: fc.integer({ min: 0, max: 4 }),
    spread: fc.integer({ min: 1, max: 8 }),
    minutes,
  }),
  fc.record({ kind: fc.constant('operatorPause' as const), minutes }),
  plain('operatorResume'),
  fc.record({ kind: fc.constant('operatorDrain' as const), pick }),
  fc.record({ kind: fc.constant('operatorProtect' as const), pick, minutes }),
);

/** A minute of a life: the load that people bring, and what else happens. */
export interface LifeMinute {
  /** In bridges. */
  readonly load: number;
  readonly events: readonly LifeEvent[];
}

export const lifeMinute: fc.Arbitrary<LifeMinute> = fc.record({
  load: fc.integer({ min: 0, max: 60 }).map((tenths) => tenths / 10),
  events: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(lifeEvent, { minLength: 1, maxLength: 3 }) },
  ),
});
