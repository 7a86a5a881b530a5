/** The knobs of the workload generator; each may be moved to see whether a result depends on it. */
export interface Knobs {
  /** Mean of the daily peaks on full working days, in participants. */
  readonly peakParticipants: number;
  /** Share of conferences that start on the comb of full hours and halves. */
  readonly scheduledShare: number;
  /** Median of conference sizes and σ of their logarithm. */
  readonly sizeMedian: number;
  readonly sizeSigma: number;
  /** Factor on all durations. */
  readonly durationFactor: number;
  /** Median of ad hoc conferences, minutes, and σ of its logarithm. */
  readonly adHocMedianMinutes: number;
  readonly adHocSigma: number;
  /** Share of conferences that last 3–8 h. */
  readonly marathonShare: number;
  /** Joins around the start: mean and deviation in seconds, and the share that comes later. */
  readonly joinMeanSeconds: number;
  readonly joinDeviationSeconds: number;
  readonly lateShare: number;
  /** Share of working days with an all-hands, and its size relative to the peak. */
  readonly surpriseShare: number;
  readonly surpriseLow: number;
  readonly surpriseHigh: number;
}

export const defaultKnobs: Knobs = {
  peakParticipants: 1800,
  scheduledShare: 0.7,
  sizeMedian: 4,
  sizeSigma: 0.85,
  durationFactor: 1,
  adHocMedianMinutes: 14,
  adHocSigma: 0.9,
  marathonShare: 0.004,
  joinMeanSeconds: 20,
  joinDeviationSeconds: 100,
  lateShare: 0.15,
  surpriseShare: 0.25,
  surpriseLow: 0.1,
  surpriseHigh: 0.23,
};

/** Scheduled starts at :00, :15, :30 and :45. */
export const comb = [0.6, 0.05, 0.3, 0.05] as const;

/** Scheduled durations in minutes, and how often each is. */
export const scheduledMinutes = [15, 30, 45, 60, 90] as const;
export const scheduledShares = [0.1, 0.4, 0.1, 0.3, 0.1] as const;

/** Monday to Sunday. */
export const weekdayFactors = [0.92, 1, 1, 0.97, 0.8, 0.12, 0.1] as const;

export const smallestConference = 2;
export const largestConference = 250;
