import type { FleetState } from '../model/fleet-state';
import { saysEmpty } from '../model/snapshot';

/** Over how long growth is measured. */
export const growthSpanSeconds = 120;

/**
 * How fast the fleet's load grows, in reference bridges per second; 0 when it shrinks or cannot be
 * told. A bridge that did not report in a minute counts with what it said before.
 */
export function growthOf({ members, snapshot }: FleetState): number {
  const newest = snapshot.heartbeats.at(-1);
  if (newest === undefined) return 0;
  const before = newest - growthSpanSeconds;
  let grown = 0;
  for (const { bridge, phase } of members) {
    if (phase === 'gone' || phase === 'stopped') continue;
    const reports = bridge.reports.filter(({ minute: at }) => at <= newest);
    const last = reports.at(-1);
    if (last === undefined || saysEmpty(last)) continue;
    const first = reports.findLast(({ minute: at }) => at <= before);
    // Its first reports: all of its load is new.
    grown += (last.stressRatio - (first?.stressRatio ?? 0)) * bridge.weight;
  }
  return Math.max(0, grown) / growthSpanSeconds;
}
