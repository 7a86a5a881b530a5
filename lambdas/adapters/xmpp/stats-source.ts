import { setTimeout as pause } from 'node:timers/promises';
import type { StatsItem } from '../../core/stats/stats-component';
import type { BreweryPresence } from '../../core/stats/stats-muc';
import type { XmppAccount } from './connection';

export interface Listening {
  /** Longest time to listen. */
  readonly windowSeconds: number;
  /** Shortest time to listen, whatever `enough` says. */
  readonly minimumSeconds: number;
  readonly onHeard: (heard: StatsItem | BreweryPresence) => void;
  /** Whether all that is waited for has come. */
  readonly enough: () => boolean;
}

/**
 * Resolves when the window is over or enough was heard.
 *
 * @throws what `withXmppSession` throws; also when the stream breaks while listening: half a window
 * would look like bridges that fell silent
 */
export type StatsSource = (account: XmppAccount, listening: Listening) => Promise<void>;

const lookMs = 100;

/**
 * Lets the time pass from `start` to `end` (milliseconds since the epoch), or until enough was
 * heard.
 */
export async function hear(
  listening: Pick<Listening, 'minimumSeconds' | 'enough'>,
  start: number,
  end: number,
): Promise<void> {
  const earliest = Math.min(end, start + listening.minimumSeconds * 1000);
  const over = () => Date.now() >= end || (Date.now() >= earliest && listening.enough());
  while (!over()) await pause(lookMs);
}
