import type { BridgeReport } from '../../core/model/snapshot';
import type { Values } from './get-metric-data';

/** What CloudWatch has of one bridge, by minute. A figure that is absent was not asked for. */
export interface BridgeFigures {
  readonly stress?: Values;
  readonly participants?: Values;
  readonly conferences?: Values;
  /** Only published while the bridge drains: no value where it was asked for means no. */
  readonly draining?: Values;
}

/**
 * The figures as reports, oldest first. A minute is a report when it has a stress, and people and
 * conferences too where they were asked for, all real and not negative. What was not asked for is
 * absent from the reports.
 */
export function reportsOf(figures: BridgeFigures): readonly BridgeReport[] {
  const { stress, participants, conferences, draining } = figures;
  return [...(stress?.keys() ?? [])]
    .sort((a, b) => a - b)
    .flatMap((minute) => {
      const stressRatio = sound(stress?.get(minute));
      if (stressRatio === undefined) return [];
      const drain = draining === undefined ? {} : { draining: (draining.get(minute) ?? 0) > 0 };
      if (participants === undefined || conferences === undefined)
        return [{ minute, stressRatio, ...drain }];
      const participantCount = sound(participants.get(minute));
      const conferenceCount = sound(conferences.get(minute));
      return participantCount === undefined || conferenceCount === undefined
        ? []
        : [{ minute, stressRatio, participantCount, conferenceCount, ...drain }];
    });
}

function sound(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined;
}
