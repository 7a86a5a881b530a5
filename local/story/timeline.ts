import type { BridgePicture, Picture } from '../view/picture';

/** One thing that happened; `second` counts from the start of the story. */
export interface TimelineEntry {
  readonly second: number;
  readonly event: string;
  readonly bridge?: string;
  readonly detail?: string;
}

/** What changed between two pictures, in words that need no picture. */
export function changesBetween(
  before: Picture | undefined,
  after: Picture,
): readonly Omit<TimelineEntry, 'second'>[] {
  const known = new Map((before?.bridges ?? []).map((bridge) => [bridge.name, bridge]));
  const now = new Set(after.bridges.map(({ name }) => name));
  return [
    ...after.bridges.flatMap((bridge) => changesOf(known.get(bridge.name), bridge)),
    ...[...known.values()]
      .filter(({ name, phase }) => !now.has(name) && phase !== 'gone')
      .map(({ name }) => ({ event: 'gone', bridge: name })),
    ...newDecisions(before, after),
  ];
}

function changesOf(
  before: BridgePicture | undefined,
  after: BridgePicture,
): readonly Omit<TimelineEntry, 'second'>[] {
  const changes: Omit<TimelineEntry, 'second'>[] = [];
  if (before?.phase !== after.phase) changes.push({ event: after.phase, bridge: after.name });
  if (!hasConference(before) && hasConference(after)) {
    changes.push({ event: 'first-conference', bridge: after.name });
  }
  return changes;
}

export function hasConference(bridge: BridgePicture | undefined): boolean {
  return (bridge?.conferenceCount ?? 0) > 0;
}

function newDecisions(
  before: Picture | undefined,
  after: Picture,
): readonly Omit<TimelineEntry, 'second'>[] {
  const newest = before?.decisions.at(-1)?.at ?? '';
  return after.decisions
    .filter(({ at, actions }) => at > newest && actions.length > 0)
    .map(({ trigger, actions, reasons }) => ({
      event: 'decision',
      detail: `${actions.join('; ')} (${trigger}: ${reasons.join('; ')})`,
    }));
}
