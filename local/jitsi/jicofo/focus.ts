import type { BridgeLink, EndpointChannels } from './bridge-link';
import type { BridgeRegistry } from './bridge-registry';

interface Room {
  readonly participants: Set<string>;
  /** Where it is; undefined while no bridge would take it. */
  bridge: string | undefined;
  conferenceId: string | undefined;
  channels: Map<string, EndpointChannels>;
  /** One thing at a time happens to a room. */
  busy: Promise<unknown>;
}

export interface FocusCounts {
  readonly conferences: number;
  readonly participants: number;
  /** Conferences that lost their bridge and wait for another one. */
  readonly unplacedConferences: number;
  /** Participants whose bridge went away under them, since the start. */
  readonly forcedDisconnects: number;
  /**
   * Participants whose conference went elsewhere because its bridge is shutting down and somebody
   * joined.
   */
  readonly movedParticipants: number;
  /** Conferences that no bridge took. */
  readonly refusedConferences: number;
  /** For each bridge ever used: when its first conference came, milliseconds. */
  readonly firstConferences: ReadonlyMap<string, number>;
}

/** Keeps conferences on bridges, each whole on one of them. */
export class Focus {
  private readonly rooms = new Map<string, Room>();
  private readonly firstConferences = new Map<string, number>();
  private forcedDisconnects = 0;
  private movedParticipants = 0;
  private refusedConferences = 0;

  /** @param now milliseconds */
  constructor(
    private readonly registry: BridgeRegistry,
    private readonly link: BridgeLink,
    private readonly now: () => number,
  ) {}

  /**
   * Puts people into a room, making it when it is new. The bridge, or undefined when none would
   * take them.
   */
  async join(name: string, participants: readonly string[]): Promise<string | undefined> {
    const room = this.rooms.get(name) ?? this.newRoom(name);
    return this.exclusively(room, async () => {
      const added = participants.filter((participant) => !room.participants.has(participant));
      if (room.bridge !== undefined && this.shouldMove(room.bridge)) await this.move(room);
      const joined = await this.admit(room, added);
      if (!joined && room.participants.size === 0) {
        this.refusedConferences += 1;
        this.rooms.delete(name);
      }
      return joined ? room.bridge : undefined;
    });
  }

  /** People leave; a room that is empty then is over. */
  async leave(name: string, participants: readonly string[]): Promise<void> {
    const room = this.rooms.get(name);
    if (room === undefined) return;
    await this.exclusively(room, async () => {
      const leaving = participants.filter((participant) => room.participants.delete(participant));
      if (room.participants.size === 0) this.rooms.delete(name);
      await this.release(room, leaving);
    });
  }

  async end(name: string): Promise<void> {
    await this.leave(name, [...(this.rooms.get(name)?.participants ?? [])]);
  }

  /** A bridge is gone: its participants are cut off and their conferences made again elsewhere. */
  async bridgeLost(jid: string): Promise<void> {
    const lost = [...this.rooms.values()].filter(({ bridge }) => bridge === jid);
    await Promise.all(
      lost.map((room) =>
        this.exclusively(room, async () => {
          if (room.bridge !== jid) return;
          this.forcedDisconnects += room.participants.size;
          unplace(room);
          await this.allocate(room, [...room.participants]);
        }),
      ),
    );
  }

  /** Tries again for conferences without a bridge. */
  async placeHomeless(): Promise<void> {
    const homeless = [...this.rooms.values()].filter(
      ({ bridge, participants }) => bridge === undefined && participants.size > 0,
    );
    await Promise.all(
      homeless.map((room) =>
        this.exclusively(room, async () => {
          if (room.bridge === undefined) await this.allocate(room, [...room.participants]);
        }),
      ),
    );
  }

  /** Stands for the media that keeps channels alive. */
  async touchAll(): Promise<void> {
    const placed = [...this.rooms.values()].flatMap(({ bridge, conferenceId, channels }) =>
      bridge === undefined || conferenceId === undefined
        ? []
        : [{ bridge, conferenceId, channels }],
    );
    await Promise.all(placed.map((channels) => this.link.touch(channels)));
  }

  participantsOn(jid: string): number {
    return [...this.rooms.values()]
      .filter(({ bridge }) => bridge === jid)
      .reduce((sum, { participants }) => sum + participants.size, 0);
  }

  counts(): FocusCounts {
    const rooms = [...this.rooms.values()];
    return {
      conferences: rooms.length,
      participants: rooms.reduce((sum, { participants }) => sum + participants.size, 0),
      unplacedConferences: rooms.filter(({ bridge }) => bridge === undefined).length,
      forcedDisconnects: this.forcedDisconnects,
      movedParticipants: this.movedParticipants,
      refusedConferences: this.refusedConferences,
      firstConferences: this.firstConferences,
    };
  }

  /**
   * Builds up to 580 move a conference off a bridge that shuts down as soon as somebody joins it.
   */
  private shouldMove(bridge: string): boolean {
    const { registry } = this;
    if (!registry.rules.movesOnJoin) return false;
    const now = this.now();
    return !registry.isOperational(bridge, now) && registry.select(now) !== undefined;
  }

  private async move(room: Room): Promise<void> {
    const participants = [...room.participants];
    this.movedParticipants += participants.length;
    const { bridge, conferenceId, channels } = room;
    unplace(room);
    await this.allocate(room, participants);
    if (bridge === undefined || conferenceId === undefined) return;
    await this.link.expire({ bridge, conferenceId, channels });
  }

  private async admit(room: Room, added: readonly string[]): Promise<boolean> {
    const everybody = room.bridge === undefined ? [...room.participants, ...added] : added;
    if (everybody.length > 0 && !(await this.allocate(room, everybody))) return false;
    for (const participant of added) room.participants.add(participant);
    return true;
  }

  /** On the room's bridge, or the best one that takes it. */
  private async allocate(room: Room, endpoints: readonly string[]): Promise<boolean> {
    const refused = new Set<string>();
    for (;;) {
      const bridge = room.bridge ?? this.registry.select(this.now(), refused);
      if (bridge === undefined) return false;
      this.registry.channelsChanged(bridge, endpoints.length, this.now());
      const allocation = await this.link.allocate(bridge, room.conferenceId, endpoints);
      if (allocation !== undefined) {
        room.bridge = bridge;
        room.conferenceId = allocation.conferenceId;
        for (const [endpoint, ids] of allocation.channels) room.channels.set(endpoint, ids);
        if (!this.firstConferences.has(bridge)) this.firstConferences.set(bridge, this.now());
        return true;
      }
      this.registry.channelsChanged(bridge, -endpoints.length, this.now());
      if (room.bridge !== undefined) return false;
      refused.add(bridge);
    }
  }

  private async release(room: Room, leaving: readonly string[]): Promise<void> {
    const { bridge, conferenceId } = room;
    const released = leaving.flatMap((participant) => {
      const ids = room.channels.get(participant);
      room.channels.delete(participant);
      return ids === undefined ? [] : [[participant, ids] as const];
    });
    if (bridge === undefined || conferenceId === undefined || released.length === 0) return;
    this.registry.channelsChanged(bridge, -released.length, this.now());
    await this.link.expire({ bridge, conferenceId, channels: new Map(released) });
  }

  private newRoom(name: string): Room {
    const room: Room = {
      participants: new Set(),
      bridge: undefined,
      conferenceId: undefined,
      channels: new Map(),
      busy: Promise.resolve(),
    };
    this.rooms.set(name, room);
    return room;
  }

  private exclusively<T>(room: Room, action: () => Promise<T>): Promise<T> {
    const done = room.busy.then(action);
    room.busy = done.catch(() => undefined);
    return done;
  }
}

function unplace(room: Room): void {
  room.bridge = undefined;
  room.conferenceId = undefined;
  room.channels = new Map();
}
