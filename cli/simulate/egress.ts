/**
 * What a bridge sends to one participant, in Mbit/s: one speaker at 720p (2.5) and four thumbnails
 * at 180p (0.2 each), by the bit rates of Jitsi's handbook ("Requirements" in the guide for
 * self-hosting). Audio alone is 0.05; large grids and shared screens are more.
 */
export const assumedMbitPerParticipant = 3.3;

/** Where {@link assumedMbitPerParticipant} is from. */
export const mbitSource =
  "assumed: one speaker at 720p and four thumbnails at 180p, by the bit rates of Jitsi's handbook";

/**
 * Dollars per GB from EC2 to the internet in a month, us-east-1, from AWS's price list as of 2025:
 * up to so many GB of the month at this price.
 */
const tiers: readonly (readonly [upToGigabytes: number, dollars: number])[] = [
  [100, 0],
  [10_240, 0.09],
  [51_200, 0.085],
  [153_600, 0.07],
  [Infinity, 0.05],
];

export const egressSource = 'EC2 to the internet, us-east-1, as published in 2025';

/** What so many GB to the internet cost in one month. */
export function egressDollars(gigabytes: number): number {
  let dollars = 0;
  let from = 0;
  for (const [upTo, price] of tiers) {
    dollars += Math.max(0, Math.min(gigabytes, upTo) - from) * price;
    from = upTo;
  }
  return dollars;
}

/** Traffic of the simulated time: it does not depend on how many bridges carry it. */
export interface Egress {
  readonly mbitPerParticipant: number;
  /** Where the rate is from. */
  readonly source: string;
  readonly gigabytes: number;
  readonly dollars: number;
}

/** AWS's month. */
export const hoursPerMonth = 730;

/**
 * Traffic of so many participant-hours within `hours`. Prices fall with the traffic of a month, so
 * the time counts as its part of a month that goes on like that.
 */
export function egressOf(
  participantHours: number,
  hours: number,
  rate: Pick<Egress, 'mbitPerParticipant' | 'source'>,
): Egress {
  const sent = gigabytes(participantHours, rate.mbitPerParticipant);
  const months = hours / hoursPerMonth;
  return { ...rate, gigabytes: sent, dollars: egressDollars(sent / months) * months };
}

/** GB that bridges send in so many hours to one participant. */
export function gigabytes(participantHours: number, mbitPerParticipant: number): number {
  return (participantHours * 3600 * mbitPerParticipant) / 8 / 1000;
}
