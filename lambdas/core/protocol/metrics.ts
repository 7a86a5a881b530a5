/** CloudWatch namespace of all metrics. */
export const metricNamespace = 'JitsiBridges';

/**
 * CloudWatch namespace of what bridges measure of themselves. Their role may write to it and to no
 * other: what a stolen bridge says there misleads a chart, never the scaler. Only
 * `userdata/bridge` writes there, and nothing reads it: `BootSeconds` by `Fleet,Stage` (seconds;
 * `total` is the whole boot), `WatchdogRestarts` by `Fleet` (1 for each restart).
 */
export const hostMetricNamespace = 'JitsiBridges/Hosts';

/**
 * CloudWatch metrics by `Fleet,Bridge`, from the collector. `Bridge` is the bridge's name,
 * `jvb-0abc…`.
 */
export const bridgeMetrics = {
  /** Load ÷ capacity; 1 = full, may exceed 1. */
  stress: 'Stress',
  participants: 'Participants',
  conferences: 'Conferences',
  /** 1, and only while the bridge says that it is in graceful shutdown or drain. */
  draining: 'Draining',
} as const;

/** CloudWatch metrics by `Fleet`. */
export const fleetMetrics = {
  /** From the collector: bridges of ours that reported in the window. */
  bridgesReporting: 'BridgesReporting',
  /** From the collector: reports refused (unknown sender, not a number, negative, stale). */
  rejectedReports: 'RejectedReports',
  /**
   * From the collector: bridges of ours that say that they drain. The scaler asks for `Draining` of
   * the bridges that it drains; another number here tells it to look at the others.
   */
  drainsReported: 'DrainsReported',
  /** From the collector: people on all bridges of ours that reported. */
  participants: 'Participants',
  /** From the scaler: Σ stress × weight, in reference bridges. */
  load: 'Load',
  /** From the scaler: the load that it expected ten minutes earlier, at the time that it is for. */
  loadForecast: 'LoadForecast',
  stressMax: 'StressMax',
  bridgesBooting: 'BridgesBooting',
  bridgesActive: 'BridgesActive',
  bridgesDraining: 'BridgesDraining',
  bridgesWanted: 'BridgesWanted',
  launchFailures: 'LaunchFailures',
  /** From the scaler: boots that failed in a row, 0 again with the first that did not. */
  bootFailures: 'BootFailures',
  dataAgeSeconds: 'DataAgeSeconds',
  tickSeconds: 'TickSeconds',
} as const;

/** CloudWatch dimension names. */
export const dimensions = { fleet: 'Fleet', bridge: 'Bridge' } as const;
