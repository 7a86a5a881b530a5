import type { FleetMember } from '../model/fleet-member';
import type { LaunchSettings } from '../protocol/launch-settings';
import type { Market, ObservedBridge } from '../model/snapshot';

/** A bridge whose conferences were read, so that it may be picked. */
export interface DrainCandidate extends FleetMember {
  /** Infinity where there is nothing to read: it comes after all that were heard. */
  readonly conferences: number;
}

/** The member as a candidate; undefined while its conferences were not asked for. */
export function drainCandidate(member: FleetMember): DrainCandidate | undefined {
  const { report } = member;
  const conferences = report === undefined ? Infinity : report.conferenceCount;
  return conferences === undefined ? undefined : { ...member, conferences };
}

/**
 * Which active bridges to drain, the first one first. Fewest conferences comes before all else: a
 * bridge is empty when its last call ends, however many people are on it, so few calls end
 * soonest. Of equals: the market that has more than its share by the launch settings, then the
 * least preferred type, then the zone that has most bridges, then the oldest.
 */
export function pickDrainCandidates(
  active: readonly FleetMember[],
  candidates: readonly DrainCandidate[],
  count: number,
  launch: LaunchSettings,
): readonly FleetMember[] {
  const staying = new Staying(
    active.map(({ bridge }) => bridge),
    launch,
  );
  const picked: FleetMember[] = [];
  for (const equals of byConferences(candidates)) {
    const kinds = kindsOf(equals, launch);
    while (picked.length < count) {
      const next = nextOf(kinds, staying);
      if (next === undefined) break;
      picked.push(next);
      staying.remove(next.bridge);
    }
  }
  return picked;
}

/** Bridges that stay, counted by what decides among equals. */
class Staying {
  private count = 0;
  private onDemand = 0;
  private readonly zones = new Map<string, number>();

  constructor(
    bridges: readonly ObservedBridge[],
    private readonly launch: LaunchSettings,
  ) {
    for (const bridge of bridges) this.add(bridge, 1);
  }

  remove(bridge: ObservedBridge): void {
    this.add(bridge, -1);
  }

  inZone(zone: string): number {
    return this.zones.get(zone) ?? 0;
  }

  /** The market that would have more than its share when one goes. */
  marketToLeave(): Market {
    const { onDemandBase, spotPercent } = this.launch;
    const remaining = this.count - 1;
    const beyondBase = Math.max(0, remaining - onDemandBase);
    return this.onDemand > remaining - (beyondBase * spotPercent) / 100 ? 'on-demand' : 'spot';
  }

  private add({ zone, market }: ObservedBridge, change: 1 | -1): void {
    this.count += change;
    this.onDemand += market === 'on-demand' ? change : 0;
    this.zones.set(zone, this.inZone(zone) + change);
  }
}

function byConferences(members: readonly DrainCandidate[]): readonly (readonly FleetMember[])[] {
  const levels = new Map<number, FleetMember[]>();
  for (const member of members) {
    const level = levels.get(member.conferences);
    if (level === undefined) levels.set(member.conferences, [member]);
    else level.push(member);
  }
  // Not a difference: Infinity − Infinity is no number.
  return [...levels].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, level]) => level);
}

/**
 * Bridges that only their age tells apart, the oldest last; there are few kinds, however many
 * bridges there are.
 */
interface Kind {
  readonly market: Market;
  readonly zone: string;
  /** Place of the type in the launch settings; one that is configured no longer comes after all. */
  readonly typeRank: number;
  readonly members: FleetMember[];
}

function kindsOf(members: readonly FleetMember[], launch: LaunchSettings): readonly Kind[] {
  const kinds = new Map<string, Kind>();
  const youngestFirst = [...members].sort((one, other) => byAge(other, one));
  for (const member of youngestFirst) {
    const { market, zone, instanceType } = member.bridge;
    const rank = launch.instanceTypes.findIndex(({ type }) => type === instanceType);
    const typeRank = rank < 0 ? launch.instanceTypes.length : rank;
    const key = `${market}/${typeRank}/${zone}`;
    const kind = kinds.get(key) ?? { market, zone, typeRank, members: [] };
    kind.members.push(member);
    kinds.set(key, kind);
  }
  return [...kinds.values()];
}

function nextOf(kinds: readonly Kind[], staying: Staying): FleetMember | undefined {
  const market = staying.marketToLeave();
  const [best] = kinds
    .flatMap((kind) => {
      const oldest = kind.members.at(-1);
      return oldest === undefined ? [] : [{ kind, oldest }];
    })
    .sort(
      (a, b) =>
        Number(b.kind.market === market) - Number(a.kind.market === market) ||
        b.kind.typeRank - a.kind.typeRank ||
        staying.inZone(b.kind.zone) - staying.inZone(a.kind.zone) ||
        byAge(a.oldest, b.oldest),
    );
  return best?.kind.members.pop();
}

function byAge(one: FleetMember, other: FleetMember): number {
  return (
    one.bridge.launchedAt - other.bridge.launchedAt ||
    (one.bridge.instanceId < other.bridge.instanceId ? -1 : 1)
  );
}
