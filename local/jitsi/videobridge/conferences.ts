import { randomBytes } from 'node:crypto';

export type MediaType = 'audio' | 'video' | 'data';

export interface Channel {
  readonly id: string;
  readonly endpoint: string;
  readonly media: MediaType;
  readonly expireSeconds: number;
}

export interface Conference {
  readonly id: string;
  readonly channels: readonly Channel[];
}

/** Cumulative counts since the bridge started. */
export interface ConferenceTotals {
  readonly created: number;
  readonly completed: number;
  readonly channels: number;
  /** Seconds that completed conferences lasted. */
  readonly seconds: number;
}

interface HeldChannel extends Channel {
  touchedAt: number;
  expireSeconds: number;
}

interface HeldConference {
  readonly id: string;
  readonly createdAt: number;
  readonly channels: Map<string, HeldChannel>;
}

/**
 * Conferences and channels of one bridge. There is no media here: what keeps a channel alive is
 * being named in a COLIBRI request before its `expire` seconds are over.
 */
export class Conferences {
  private readonly held = new Map<string, HeldConference>();
  private created = 0;
  private completed = 0;
  private channelCount = 0;
  private seconds = 0;

  /** @param now milliseconds */
  constructor(private readonly now: () => number) {}

  create(): string {
    const id = randomBytes(8).toString('hex');
    this.held.set(id, { id, createdAt: this.now(), channels: new Map() });
    this.created += 1;
    return id;
  }

  has(id: string): boolean {
    return this.held.has(id);
  }

  /** Undefined when there is no such conference. */
  addChannel(
    conferenceId: string,
    { endpoint, media, expireSeconds }: Omit<Channel, 'id'>,
  ): Channel | undefined {
    const conference = this.held.get(conferenceId);
    if (conference === undefined) return undefined;
    const id = randomBytes(8).toString('hex');
    const channel = { id, endpoint, media, expireSeconds, touchedAt: this.now() };
    conference.channels.set(id, channel);
    this.channelCount += 1;
    return channel;
  }

  /** Touches a channel; `expireSeconds` 0 ends it. Undefined when it is not there (any more). */
  updateChannel(
    conferenceId: string,
    channelId: string,
    expireSeconds: number | undefined,
  ): Channel | undefined {
    const conference = this.held.get(conferenceId);
    const channel = conference?.channels.get(channelId);
    if (conference === undefined || channel === undefined) return undefined;
    if (expireSeconds === 0) conference.channels.delete(channelId);
    else channel.expireSeconds = expireSeconds ?? channel.expireSeconds;
    channel.touchedAt = this.now();
    return channel;
  }

  /** One round of the expire thread: idle channels go, then conferences without channels. */
  sweep(): void {
    const now = this.now();
    for (const conference of this.held.values()) {
      for (const channel of conference.channels.values()) {
        const idleSeconds = (now - channel.touchedAt) / 1000;
        if (idleSeconds > channel.expireSeconds) conference.channels.delete(channel.id);
      }
      if (conference.channels.size > 0) continue;
      this.held.delete(conference.id);
      this.completed += 1;
      this.seconds += Math.round((now - conference.createdAt) / 1000);
    }
  }

  list(): Conference[] {
    return [...this.held.values()].map(({ id, channels }) => ({
      id,
      channels: [...channels.values()],
    }));
  }

  totals(): ConferenceTotals {
    const { created, completed, channelCount: channels, seconds } = this;
    return { created, completed, channels, seconds };
  }
}

/** Participants of a conference: its distinct endpoints. */
export function endpointCount(conference: Conference): number {
  return new Set(conference.channels.map(({ endpoint }) => endpoint)).size;
}
