import type { SessionList } from '../workload/sessions';
import { Random } from '../workload/random';
import type { Agenda } from './agenda';
import { reportPeriodSeconds, SimBridge } from './bridge';
import type { Ledger } from './ledger';
import { Placement, type ConferenceBridge } from './placement';
import { seatsPerBridge, type Stretch, type WorldSettings } from './settings';

export const zoneCount = 3;

/** From the restart of an empty bridge's service until it reports again. */
export const recycleSeconds = 20;

/**
 * Life and death of bridges, and who is on them. Times in seconds from the start of the scored
 * week.
 */
export class Fleet {
  /** All bridges there ever were. */
  readonly bridges: SimBridge[] = [];
  readonly active: SimBridge[] = [];
  readonly draining: SimBridge[] = [];
  /** Told when a draining bridge becomes empty. */
  onEmpty: (bridge: SimBridge, now: number) => void = () => undefined;
  private readonly placement: Placement;
  private readonly homes = new Map<number, ConferenceBridge[]>();
  private readonly bridgeOfSession: (SimBridge | undefined)[];
  private readonly boots: Random;
  private readonly seats: number;
  private openCount = 0;

  constructor(
    private readonly world: WorldSettings,
    private readonly sessions: SessionList,
    private readonly agenda: Agenda,
    readonly ledger: Ledger,
  ) {
    this.placement = new Placement({
      variant: world.placement,
      stressPerParticipant: world.stressPerParticipant,
      assumedStressPerParticipant: world.assumedStressPerParticipant,
      overloadStress: world.overloadStress,
      maxBridgeParticipants: 80,
    });
    this.bridgeOfSession = new Array<SimBridge | undefined>(sessions.length);
    this.boots = new Random(world.seed, 'boots');
    this.seats = seatsPerBridge(world);
  }

  /** Bridges that are there already when the simulation starts. */
  start(count: number, now: number): void {
    for (let index = 0; index < count; index += 1) this.becomeActive(this.create(now), now);
    this.ledger.seats(this.openCount, now);
  }

  /** Ids of the bridges that were launched, or undefined when there was no capacity. */
  launch(count: number, now: number): readonly string[] | undefined {
    if (isWithin(this.world.faults.capacityRefused, now)) {
      if (this.ledger.isScored(now)) this.ledger.refusedLaunches += count;
      return undefined;
    }
    const launched = Array.from({ length: count }, () => this.create(now));
    if (this.ledger.isScored(now)) this.ledger.launches += count;
    for (const bridge of launched) {
      const { bootMedianSeconds, bootSigma, faults } = this.world;
      const bootSeconds = this.boots.lognormal(bootMedianSeconds, bootSigma);
      if (this.boots.chance(faults.neverReportShare)) continue;
      bridge.readyAt = now + bootSeconds;
      this.agenda.add(bridge.readyAt, (at) => this.becomeActive(bridge, at));
    }
    return launched.map(({ id }) => id);
  }

  drain(bridge: SimBridge, now: number): boolean {
    if (bridge.phase !== 'active') return false;
    move(bridge, this.active, this.draining);
    bridge.phase = 'draining';
    bridge.drainSince = now;
    this.updateSeats(bridge, now);
    if (this.ledger.isScored(now)) this.ledger.drains += 1;
    if (bridge.count === 0) this.becomeEmpty(bridge, now);
    return true;
  }

  undrain(bridge: SimBridge, now: number): boolean {
    if (bridge.phase !== 'draining' || !this.world.isDrainReversible) return false;
    this.ledger.endDrain(bridge, now);
    move(bridge, this.draining, this.active);
    bridge.phase = 'active';
    this.updateSeats(bridge, now);
    if (this.ledger.isScored(now)) this.ledger.undrains += 1;
    return true;
  }

  recycle(bridge: SimBridge, now: number): boolean {
    if (bridge.phase !== 'draining' || bridge.count > 0) return false;
    this.ledger.endDrain(bridge, now);
    remove(this.draining, bridge);
    bridge.phase = 'restarting';
    this.agenda.add(now + recycleSeconds, (at) => this.becomeActive(bridge, at));
    if (this.ledger.isScored(now)) this.ledger.recycles += 1;
    return true;
  }

  /**
   * Ends bridges whoever is on them; they join others at once. Returns how many participants that
   * were.
   */
  end(ending: readonly SimBridge[], now: number): number {
    for (const bridge of ending) {
      this.ledger.account(bridge, now);
      this.ledger.endDrain(bridge, now);
      remove(this.active, bridge);
      remove(this.draining, bridge);
      bridge.phase = 'gone';
      bridge.endedAt = now;
      this.updateSeats(bridge, now);
    }
    const occupied = ending.filter(({ count }) => count > 0);
    return occupied.reduce((sum, bridge) => sum + this.scatter(bridge, now), 0);
  }

  join(session: number, now: number): void {
    const conference = this.sessions.conferenceOf(session);
    const home = this.homes.get(conference) ?? [];
    const candidates = this.active.length > 0 ? this.active : this.draining;
    const bridge = this.placement.choose(candidates, home, now);
    if (bridge === undefined) {
      this.ledger.refuse(now, this.sessions.leaveAt(session));
      return;
    }
    this.bridgeOfSession[session] = bridge;
    this.beforeChange(bridge, now);
    bridge.count += 1;
    const here = home.find((entry) => entry.bridge === bridge);
    if (here === undefined) {
      bridge.conferenceCount += 1;
      home.push({ bridge, count: 1 });
      this.homes.set(conference, home);
    } else here.count += 1;
    this.placement.noteJoin(bridge, now);
    if (bridge.count >= this.seats) this.updateSeats(bridge, now);
  }

  leave(session: number, now: number): void {
    const bridge = this.bridgeOfSession[session];
    if (bridge === undefined) return;
    this.bridgeOfSession[session] = undefined;
    this.beforeChange(bridge, now);
    bridge.count -= 1;
    this.leaveConference(this.sessions.conferenceOf(session), bridge);
    if (!bridge.isOpen) this.updateSeats(bridge, now);
    if (bridge.count === 0) this.becomeEmpty(bridge, now);
  }

  private create(now: number): SimBridge {
    const index = this.bridges.length;
    const offset = this.boots.uniform() * reportPeriodSeconds;
    const bridge = new SimBridge(index, index % zoneCount, now, offset);
    bridge.accountedUntil = now;
    bridge.emptySince = now;
    this.bridges.push(bridge);
    return bridge;
  }

  private becomeActive(bridge: SimBridge, now: number): void {
    if (bridge.phase === 'gone') return;
    bridge.phase = 'active';
    bridge.readyAt = now;
    this.active.push(bridge);
    this.updateSeats(bridge, now);
  }

  private becomeEmpty(bridge: SimBridge, now: number): void {
    bridge.emptySince = now;
    if (bridge.phase === 'draining') this.onEmpty(bridge, now);
  }

  private beforeChange(bridge: SimBridge, now: number): void {
    this.ledger.account(bridge, now);
    bridge.report(now);
  }

  private leaveConference(conference: number, bridge: SimBridge): void {
    const home = this.homes.get(conference) ?? [];
    const index = home.findIndex((entry) => entry.bridge === bridge);
    const here = home[index];
    if (here === undefined) return;
    here.count -= 1;
    if (here.count > 0) return;
    bridge.conferenceCount -= 1;
    home.splice(index, 1);
    if (home.length === 0) this.homes.delete(conference);
  }

  /** Everyone on a lost bridge joins again. */
  private scatter(bridge: SimBridge, now: number): number {
    const lost: number[] = [];
    for (let session = 0; session < this.bridgeOfSession.length; session += 1)
      if (this.bridgeOfSession[session] === bridge) lost.push(session);
    for (const session of lost) {
      this.bridgeOfSession[session] = undefined;
      this.leaveConference(this.sessions.conferenceOf(session), bridge);
    }
    bridge.count = 0;
    for (const session of lost) this.join(session, now);
    return lost.length;
  }

  private updateSeats(bridge: SimBridge, now: number): void {
    const isOpen = bridge.phase === 'active' && bridge.count < this.seats;
    if (isOpen === bridge.isOpen) return;
    bridge.isOpen = isOpen;
    this.openCount += isOpen ? 1 : -1;
    this.ledger.seats(this.openCount, now);
  }
}

export function isWithin(stretches: readonly Stretch[], at: number): boolean {
  return stretches.some(({ from, to }) => at >= from && at < to);
}

function remove(list: SimBridge[], bridge: SimBridge): void {
  const index = list.indexOf(bridge);
  if (index >= 0) list.splice(index, 1);
}

function move(bridge: SimBridge, from: SimBridge[], to: SimBridge[]): void {
  remove(from, bridge);
  to.push(bridge);
}
