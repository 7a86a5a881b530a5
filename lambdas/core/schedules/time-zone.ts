import type { EpochSeconds } from '../protocol/time';

/**
 * Time zones by what the language itself knows of them (ECMA-402); seconds in and out, UTC inside.
 */

const daySeconds = 86_400;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Made once per zone: making one costs a hundred times as much as using it. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, made);
  return made;
}

/** Whether it is `UTC` or a zone of the IANA database by its full name, like `Europe/Berlin`. */
export function isTimeZone(zone: string): boolean {
  // Abbreviations like EST are places without summer time to some and with it to others.
  if (!/^(UTC|[A-Z]\w+(\/[\w+-]+)+)$/.test(zone)) return false;
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** Seconds that the zone's clocks are ahead of UTC at some time. */
export function zoneOffset(zone: string, at: EpochSeconds): number {
  const whole = Math.floor(at);
  const parts = formatOf(zone).formatToParts(new Date(whole * 1000));
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((one) => one.type === type)?.value);
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return local / 1000 - whole;
}

/**
 * When the zone's clocks show a local time, given as if it were UTC. Where clocks are set back
 * they show some times twice, where they are set forward some never; such a time is read with the
 * offset before the change and the one after it, and `reading` says which of the two counts.
 */
export function instantOf(zone: string, local: number, reading: 'earlier' | 'later'): EpochSeconds {
  const candidates = [local - daySeconds, local + daySeconds].map(
    (near) => local - zoneOffset(zone, near),
  );
  const shown = candidates.filter((at) => at + zoneOffset(zone, at) === local);
  const read = shown.length > 0 ? shown : candidates;
  return reading === 'earlier' ? Math.min(...read) : Math.max(...read);
}
