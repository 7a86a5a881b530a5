import type { BridgeReport, ObservedBridge, Snapshot } from './snapshot';

/** More than any bridge can have. */
const most = 1e6;

/**
 * The part of a snapshot that can be believed, in order: real, non-negative numbers about minutes
 * that have begun. What is left out is missing data. Of two reports about one minute the one that
 * says more load counts; it drains if both say so.
 */
export function sanitizeSnapshot(snapshot: Snapshot): Snapshot {
  const { now, heartbeats, bridges, heardFrom, ...rest } = snapshot;
  return {
    ...rest,
    now,
    ...(heardFrom !== undefined && heardFrom <= now ? { heardFrom } : {}),
    heartbeats: [...new Set(heartbeats)].filter((at) => at <= now).sort((a, b) => a - b),
    bridges: bridges.map((bridge) => sanitizeBridge(bridge, now)),
  };
}

function sanitizeBridge(bridge: ObservedBridge, now: number): ObservedBridge {
  const { weight } = bridge;
  const reports = new Map<number, BridgeReport>();
  for (const report of bridge.reports) {
    if (!isCredible(report, now)) continue;
    const other = reports.get(report.minute);
    reports.set(report.minute, other === undefined ? report : busier(other, report));
  }
  return {
    ...bridge,
    weight: weight > 0 && weight <= most ? weight : 1,
    reports: [...reports.values()].sort((a, b) => a.minute - b.minute),
  };
}

function isCredible(report: BridgeReport, now: number): boolean {
  const { minute, stressRatio, participantCount, conferenceCount } = report;
  return (
    minute <= now &&
    isAmount(stressRatio) &&
    // People and conferences that were not asked for are absent together.
    (participantCount === undefined) === (conferenceCount === undefined) &&
    [participantCount, conferenceCount].every((value) => value === undefined || isAmount(value))
  );
}

function isAmount(value: number): boolean {
  return value >= 0 && value <= most;
}

/** What one of the two does not know stays unknown. */
function busier(one: BridgeReport, other: BridgeReport): BridgeReport {
  const participantCount = larger(one.participantCount, other.participantCount);
  const conferenceCount = larger(one.conferenceCount, other.conferenceCount);
  const isDrainKnown = one.draining !== undefined && other.draining !== undefined;
  return {
    minute: one.minute,
    stressRatio: Math.max(one.stressRatio, other.stressRatio),
    ...(participantCount === undefined || conferenceCount === undefined
      ? {}
      : { participantCount, conferenceCount }),
    ...(isDrainKnown ? { draining: one.draining && other.draining } : {}),
  };
}

function larger(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : Math.max(one, other);
}
