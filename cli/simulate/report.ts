import type { Estimate } from '../../sim/results/statistics';
import type { Egress } from './egress';

/**
 * What one who ran the fleet did, or would have done. Shares are fractions of 1; field names are
 * the benchmark's.
 */
export interface ControllerReport {
  /**
   * `recorded` what really ran, `current` the config's policy, `changed` with `--set`, `static`
   * the peak's bridges, always.
   */
  readonly name: string;
  readonly title: string;
  readonly bridgeHours: number;
  readonly dollars: number;
  /** {@link dollars} and those of the traffic, which is the same for all. */
  readonly dollarsWithEgress: number;
  /** Bridge-hours relative to those of the first controller, less 1. */
  readonly bridgeHoursDifference: number;
  readonly overloadShare: number;
  readonly overloadShareAt1: number;
  readonly launches: number;
  readonly forcedDisconnects: number;
  readonly timeToCapacityP95Seconds: number;
  readonly mostBridges: number;
  readonly intervals: Readonly<Record<string, Estimate>>;
}

/** What `jitsi-bridges simulate --json` prints. Times are ISO 8601 UTC. */
export interface SimulationReport {
  readonly fleet: string;
  readonly source: string;
  readonly from: string;
  readonly to: string;
  readonly scoredDays: number;
  readonly historyDays: number;
  readonly seeds: number;
  /** Highest five minutes of the scored time, in reference bridges. */
  readonly peakLoad: number;
  readonly stressPerParticipant: number;
  readonly dollarsPerBridgeHour: number;
  /** What the bridges send to participants in the scored time, whoever runs the fleet. */
  readonly egress: Egress;
  readonly controllers: readonly ControllerReport[];
  /** What must be known to read the figures. */
  readonly notes: readonly string[];
}

/** The curves of the scored time, a value per five minutes. */
export interface SimulationCurves {
  /** Epoch seconds. */
  readonly startAt: number;
  /** In reference bridges. */
  readonly load: readonly number[];
  /** Of each controller of the report, in its order: booting, active and draining bridges. */
  readonly bridges: readonly (readonly number[])[];
}

export interface Simulation {
  readonly report: SimulationReport;
  readonly curves: SimulationCurves;
}
