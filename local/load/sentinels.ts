import xml, { type Element } from '@xmpp/xml';
import { ClientSession, type ClientOptions } from '../jitsi/xmpp/client-session';
import { namespaces } from '../jitsi/xmpp/namespaces';

export interface SentinelOptions {
  readonly count: number;
  /** Server, main domain and trust; they log in as anonymous guests. */
  readonly server: Pick<ClientOptions, 'host' | 'port' | 'domain' | 'trust'>;
  /** Pause between two messages of one guest. @default 3 */
  readonly intervalSeconds?: number;
  /** A message that is not there by then is lost. @default 10 */
  readonly lostAfterSeconds?: number;
}

export interface SentinelMetrics {
  readonly connected: number;
  /** Sessions that ended and were not ended by us: what must stay 0. */
  readonly prosodySessionsDropped: number;
  readonly sent: number;
  readonly received: number;
  /** Messages between two sessions that both lived on and still did not arrive. */
  readonly lost: number;
  /** Pings to the server without an answer in 5 s. */
  readonly unansweredPings: number;
}

const reconnectMilliseconds = 2000;

/**
 * Guests on the server's main host who chat in a ring and ping the server, to notice the smallest
 * interruption.
 */
export class Sentinels {
  private readonly sessions: (ClientSession | undefined)[];
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly underway = new Map<string, NodeJS.Timeout>();
  private isStopped = false;
  private dropped = 0;
  private sent = 0;
  private received = 0;
  private lost = 0;
  private unansweredPings = 0;

  constructor(private readonly options: SentinelOptions) {
    this.sessions = Array.from({ length: options.count }, () => undefined);
  }

  /** Rejects when a guest cannot log in; later on they come back by themselves. */
  async start(): Promise<void> {
    await Promise.all(this.sessions.map((_, index) => this.connect(index)));
    const milliseconds = (this.options.intervalSeconds ?? 3) * 1000;
    this.timers.push(setInterval(() => this.talk(), milliseconds));
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    for (const timer of [...this.timers, ...this.underway.values()]) clearTimeout(timer);
    await Promise.all(this.sessions.map(async (session) => session?.close()));
  }

  metrics(): SentinelMetrics {
    return {
      connected: this.sessions.filter((session) => session !== undefined).length,
      prosodySessionsDropped: this.dropped,
      sent: this.sent,
      received: this.received,
      lost: this.lost,
      unansweredPings: this.unansweredPings,
    };
  }

  private async connect(index: number): Promise<void> {
    const session = await ClientSession.connect({
      ...this.options.server,
      credentials: { kind: 'anonymous' },
    });
    if (this.isStopped) return session.close();
    this.sessions[index] = session;
    session.onStanza = (stanza) => this.receive(stanza);
    session.onClosed = () => {
      this.sessions[index] = undefined;
      if (this.isStopped) return;
      this.dropped += 1;
      this.reconnect(index);
    };
  }

  private reconnect(index: number): void {
    const timer = setTimeout(() => {
      this.connect(index).catch(() => this.reconnect(index));
    }, reconnectMilliseconds);
    this.timers.push(timer);
  }

  private talk(): void {
    this.sessions.forEach((session, index) => {
      if (session === undefined) return;
      void this.ping(session);
      const neighbour = this.sessions[(index + 1) % this.sessions.length];
      if (neighbour !== undefined && neighbour !== session) this.chat(session, neighbour);
    });
  }

  private chat(from: ClientSession, to: ClientSession): void {
    this.sent += 1;
    const id = `sentinel-${this.sent}`;
    const deadline = setTimeout(
      () => {
        this.underway.delete(id);
        const bothLive = [from, to].every((session) => this.sessions.includes(session));
        if (bothLive) this.lost += 1;
      },
      (this.options.lostAfterSeconds ?? 10) * 1000,
    );
    this.underway.set(id, deadline);
    from.send(xml('message', { to: to.jid, type: 'chat', id }, xml('body', {}, id)));
  }

  private receive(stanza: Element): void {
    const id = stanza.getChild('body')?.getText() ?? '';
    const deadline = this.underway.get(id);
    if (stanza.name !== 'message' || stanza.attrs['type'] !== 'chat') return;
    if (deadline === undefined) return;
    clearTimeout(deadline);
    this.underway.delete(id);
    this.received += 1;
  }

  private async ping(session: ClientSession): Promise<void> {
    const payload = xml('ping', { xmlns: namespaces.ping });
    const answer = await session.request('get', this.options.server.domain, payload);
    const isStillThere = this.sessions.includes(session);
    if (answer.kind === 'timeout' && isStillThere) this.unansweredPings += 1;
  }
}
