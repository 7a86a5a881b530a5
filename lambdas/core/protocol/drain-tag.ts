import { printable } from './printable';
import { isoTime, type EpochSeconds } from './time';

/** Who wants a bridge drained: the autoscaler may undrain only what it drained itself. */
export type DrainOrigin = 'operator' | 'autoscaler';

export interface Drain {
  readonly since: EpochSeconds;
  readonly by: DrainOrigin;
  /** For people; never parsed. */
  readonly reason: string;
}

/** Tag values may have 256 characters; some are left for what a person adds. */
const longest = 200;

/** `<ISO time> <by> <reason>`, in the alphabet that every AWS service takes in tags. */
export function formatDrainTag({ since, by, reason }: Drain): string {
  const readable = reason.replace(/[^\w .:/=+@-]+/g, ' ').trim();
  return `${isoTime(since)} ${by} ${readable}`.slice(0, longest);
}

/**
 * Reads the tag. One that a person set by hand drains too, since the launch at the latest; where
 * it does not say who ordered it, nobody but the operator can have: the autoscaler does not undo
 * what it cannot read.
 */
export function parseDrainTag(text: string, launchedAt: EpochSeconds): Drain {
  const time = firstWord(text);
  const rest = text.slice(time.length + 1);
  const by = firstWord(rest);
  const milliseconds = Date.parse(time);
  if (Number.isNaN(milliseconds))
    return { since: launchedAt, by: 'operator', reason: printable(text) };
  const since = milliseconds / 1000;
  return by === 'operator' || by === 'autoscaler'
    ? { since, by, reason: printable(rest.slice(by.length + 1)) }
    : { since, by: 'operator', reason: printable(rest) };
}

function firstWord(text: string): string {
  return text.replace(/ .*$/s, '');
}
