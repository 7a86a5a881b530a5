import type { Measurement } from '../adapters/aws/publish-metrics';
import { bridgeMetrics, dimensions, fleetMetrics } from '../core/protocol/metrics';
import { bridgeName } from '../core/protocol/xmpp-names';
import type { StatsReport } from '../core/stats/stats';
import type { Gathered } from './gather';

/** One set of metrics per bridge and one for the fleet; what was not said is not there. */
export function measurementsOf(fleet: string, gathered: Gathered): readonly Measurement[] {
  const ofFleet = { [dimensions.fleet]: fleet };
  return [
    ...gathered.reports.flatMap((report) => ofBridge(fleet, report)),
    count(
      fleetMetrics.drainsReported,
      gathered.reports.filter(({ draining }) => draining).length,
      ofFleet,
    ),
    count(
      fleetMetrics.participants,
      gathered.reports.reduce((sum, { participantCount }) => sum + participantCount, 0),
      ofFleet,
    ),
    // The heartbeat, after what is read together with it.
    count(fleetMetrics.bridgesReporting, gathered.reports.length, ofFleet),
    count(
      fleetMetrics.rejectedReports,
      Object.values(gathered.rejected).reduce((sum, times) => sum + times, 0),
      ofFleet,
    ),
  ];
}

function ofBridge(fleet: string, report: StatsReport): readonly Measurement[] {
  const of = {
    [dimensions.fleet]: fleet,
    [dimensions.bridge]: bridgeName(report.instanceId),
  };
  return [
    { name: bridgeMetrics.stress, value: report.stressRatio, unit: 'None', dimensions: of },
    count(bridgeMetrics.participants, report.participantCount, of),
    count(bridgeMetrics.conferences, report.conferenceCount, of),
    ...(report.draining ? [count(bridgeMetrics.draining, 1, of)] : []),
  ];
}

function count(name: string, value: number, of: Readonly<Record<string, string>>): Measurement {
  return { name, value, unit: 'Count', dimensions: of };
}
