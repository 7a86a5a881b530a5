/** A conference on the bridge: ids of its endpoints. */
export interface Conference {
  readonly meetingId: string;
  readonly endpoints: readonly string[];
}

/** Cumulative counts since the bridge started. */
export interface ConferenceTotals {
  readonly created: number;
  readonly completed: number;
  readonly participants: number;
  /** Seconds that completed conferences lasted. */
  readonly seconds: number;
}

interface HeldConference {
  readonly meetingId: string;
  readonly createdAt: number;
  touchedAt: number;
  /** Endpoints by id, with the time of their last sign of life. */
  readonly endpoints: Map<string, number>;
}

/**
 * Conferences of one bridge, each known by its meeting id. There is no media here: being named in
 * a request stands for it.
 */
export class Conferences {
  private readonly held = new Map<string, HeldConference>();
  private created = 0;
  private completed = 0;
  private participants = 0;
  private seconds = 0;

  /** @param now milliseconds */
  constructor(private readonly now: () => number) {}

  has(meetingId: string): boolean {
    return this.held.has(meetingId);
  }

  create(meetingId: string): void {
    const now = this.now();
    this.held.set(meetingId, { meetingId, createdAt: now, touchedAt: now, endpoints: new Map() });
    this.created += 1;
  }

  hasEndpoint(meetingId: string, endpoint: string): boolean {
    return this.held.get(meetingId)?.endpoints.has(endpoint) ?? false;
  }

  /** Makes the endpoint, or notes that it is alive. */
  touch(meetingId: string, endpoint: string): void {
    const conference = this.held.get(meetingId);
    if (conference === undefined) return;
    if (!conference.endpoints.has(endpoint)) this.participants += 1;
    conference.endpoints.set(endpoint, this.now());
    conference.touchedAt = this.now();
  }

  expireEndpoint(meetingId: string, endpoint: string): void {
    this.held.get(meetingId)?.endpoints.delete(endpoint);
  }

  expire(meetingId: string): void {
    const conference = this.held.get(meetingId);
    if (conference === undefined) return;
    this.held.delete(meetingId);
    this.completed += 1;
    this.seconds += Math.round((this.now() - conference.createdAt) / 1000);
  }

  isEmpty(meetingId: string): boolean {
    return (this.held.get(meetingId)?.endpoints.size ?? 0) === 0;
  }

  /**
   * One round of the expiry check: endpoints without a sign of life go, then conferences without
   * endpoints.
   */
  sweep(expireSeconds: number): void {
    const oldest = this.now() - expireSeconds * 1000;
    for (const { meetingId, touchedAt, endpoints } of [...this.held.values()]) {
      for (const [endpoint, at] of endpoints) if (at < oldest) endpoints.delete(endpoint);
      if (endpoints.size === 0 && touchedAt < oldest) this.expire(meetingId);
    }
  }

  list(): Conference[] {
    return [...this.held.values()].map(({ meetingId, endpoints }) => ({
      meetingId,
      endpoints: [...endpoints.keys()],
    }));
  }

  participantCount(): number {
    return [...this.held.values()].reduce((sum, { endpoints }) => sum + endpoints.size, 0);
  }

  totals(): ConferenceTotals {
    const { created, completed, participants, seconds } = this;
    return { created, completed, participants, seconds };
  }
}
