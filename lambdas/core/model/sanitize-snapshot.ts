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
    [stressRatio, participantCount, conferenceCount].every((value) => value >= 0 && value <= most)
  );
}

function busier(one: BridgeReport, other: BridgeReport): BridgeReport {
  return {
    minute: one.minute,
    stressRatio: Math.max(one.stressRatio, other.stressRatio),
    participantCount: Math.max(one.participantCount, other.participantCount),
    conferenceCount: Math.max(one.conferenceCount, other.conferenceCount),
    draining: one.draining && other.draining,
  };
}
