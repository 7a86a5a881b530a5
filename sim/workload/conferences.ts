import { day, hour, type Envelope } from './calendar';
import {
  comb,
  largestConference,
  scheduledMinutes,
  scheduledShares,
  smallestConference,
  type Knobs,
} from './knobs';
import type { Random } from './random';

/** Someone in a conference from `joinAt` to `leaveAt`. */
export type OnSession = (conference: number, joinAt: number, leaveAt: number) => void;

const quarter = 900;
const shortestCallSeconds = 60;

/** Means of the default knobs: 5.7 people for 0.66 h. */
const meanSize = 5.75;
const meanHours = 0.66;

/**
 * Mean of the daily maxima over the mean concurrency at the top of the day: the comb and chance
 * add to it.
 */
const peakOverMean = 1.12;

/**
 * Conferences per hour at the top of the envelope, so that daily peaks are about
 * `peakParticipants`.
 */
export function peakConferencesPerHour(peakParticipants: number): number {
  return peakParticipants / (meanSize * meanHours * peakOverMean);
}

/**
 * All conferences that start in [from, to), in epoch seconds: Poisson per quarter of an hour,
 * scheduled ones on the comb, the others anywhere. Returns how many there were.
 */
export function generateConferences(
  range: { readonly from: number; readonly to: number },
  envelope: Envelope,
  knobs: Knobs,
  random: Random,
  onSession: OnSession,
): number {
  const perHour = peakConferencesPerHour(knobs.peakParticipants);
  let conference = 0;
  for (let at = range.from; at < range.to; at += quarter) {
    const inHour = perHour * envelope(at - (at % hour) + hour / 2);
    const tooth = comb[Math.floor((at % hour) / quarter)] ?? 0;
    const scheduled = random.poisson(inHour * knobs.scheduledShare * tooth);
    for (let index = 0; index < scheduled; index += 1)
      hold(conference++, at, scheduledSeconds(knobs, random), knobs, random, onSession);
    const adHoc = random.poisson(
      (perHour * envelope(at + quarter / 2) * (1 - knobs.scheduledShare)) / 4,
    );
    for (let index = 0; index < adHoc; index += 1) {
      const seconds = adHocSeconds(knobs, random);
      const start = at + random.uniform() * quarter;
      hold(conference++, start, seconds, knobs, random, onSession);
    }
  }
  return conference;
}

/** Planned length of a scheduled conference. */
export function scheduledSeconds(knobs: Knobs, random: Random): number {
  const minutes = scheduledMinutes[random.pick(scheduledShares)] ?? 30;
  return (minutes + random.normal(1, 2)) * 60;
}

/** Planned length of a conference that nobody had planned. */
export function adHocSeconds(knobs: Knobs, random: Random): number {
  return random.lognormal(knobs.adHocMedianMinutes, knobs.adHocSigma) * 60;
}

/** How long a conference lasts that was planned for so long, and how many come. */
export function drawMeeting(
  plannedSeconds: number,
  knobs: Knobs,
  random: Random,
): { readonly seconds: number; readonly size: number } {
  const planned = random.chance(knobs.marathonShare)
    ? random.between(3 * hour, 8 * hour)
    : plannedSeconds;
  const seconds = Math.max(shortestCallSeconds, planned * knobs.durationFactor);
  const size = Math.round(random.lognormal(knobs.sizeMedian, knobs.sizeSigma));
  return { seconds, size: Math.min(largestConference, Math.max(smallestConference, size)) };
}

function hold(
  conference: number,
  start: number,
  plannedSeconds: number,
  knobs: Knobs,
  random: Random,
  onSession: OnSession,
): void {
  const meeting = drawMeeting(plannedSeconds, knobs, random);
  attend(conference, { start, ...meeting }, knobs, random, onSession);
}

/** People join around the start, some later, and leave around the end. */
export function attend(
  conference: number,
  {
    start,
    seconds,
    size,
  }: { readonly start: number; readonly seconds: number; readonly size: number },
  knobs: Knobs,
  random: Random,
  onSession: OnSession,
): void {
  for (let index = 0; index < size; index += 1) {
    const offset = random.chance(knobs.lateShare)
      ? random.uniform() * 0.9 * seconds
      : random.normal(knobs.joinMeanSeconds, knobs.joinDeviationSeconds);
    const joinAt = start + Math.min(0.9 * seconds, Math.max(-300, offset));
    const leaveAt = start + seconds + Math.min(60, Math.max(-60, random.normal(0, 20)));
    onSession(conference, joinAt, Math.max(joinAt + 10, leaveAt));
  }
}

/** An all-hands nobody could foresee: on some working days, everyone within minutes. */
export function generateSurprises(
  range: { readonly from: number; readonly to: number },
  envelope: Envelope,
  knobs: Knobs,
  random: Random,
  firstConference: number,
  onSession: OnSession,
): number {
  let conference = firstConference;
  for (let midnight = range.from; midnight < range.to; midnight += day) {
    const isSurprised = random.chance(knobs.surpriseShare);
    const start = midnight + Math.floor(random.between(9, 17) * 4) * quarter;
    const share = random.between(knobs.surpriseLow, knobs.surpriseHigh);
    const seconds = random.between(30, 60) * 60;
    const isWorkingDay = envelope(midnight + 10.5 * hour) > 0.5;
    if (!isSurprised || !isWorkingDay) continue;
    const size = Math.round(share * knobs.peakParticipants);
    attend(conference++, { start, seconds, size }, { ...knobs, lateShare: 0 }, random, onSession);
  }
  return conference;
}
