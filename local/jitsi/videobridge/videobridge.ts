import xml, { type Element } from '@xmpp/xml';
import { ComponentConnection } from '../xmpp/component-connection';
import { iqError, iqResult } from '../xmpp/iq';
import { namespaces } from '../xmpp/namespaces';
import type { BridgeSettings } from './bridge-settings';
import { answerConference } from './colibri';
import { Conferences } from './conferences';
import type { LaunchArguments } from './launch-arguments';
import { RestServer, type RestActions, type ShutdownOutcome } from './rest-server';
import { bridgeStatistics, participantCount, statisticsObject, Traffic } from './statistics';
import type { Statistics } from './statistics';
import { discoInfo, softwareVersion } from './self-description';
import { StatsPublisher } from './stats-publisher';

export interface VideobridgeOptions {
  readonly launch: LaunchArguments;
  readonly settings: BridgeSettings;
  /** @default nothing is logged */
  readonly log?: (line: string) => void;
  /** Milliseconds. @default Date.now */
  readonly now?: () => number;
  /** Pause between attempts to connect. @default 5 */
  readonly retrySeconds?: number;
  /**
   * Where REST listens when `--apis` has `rest`; port 0 takes a free one. @default 8080 on all
   * interfaces
   */
  readonly rest?: { readonly port: number; readonly host?: string };
}

const pingSeconds = 10;
const pingThreshold = 3;

/**
 * Stand-in for Jitsi Videobridge v1, build 1126, in component mode: all that other programs can
 * see of one except media. Runs as a program (`main.ts`) and, hundreds at once, inside another.
 */
export class Videobridge {
  readonly jid: string;
  private readonly conferences: Conferences;
  private readonly traffic: Traffic;
  private readonly connection: ComponentConnection;
  private readonly publisher: StatsPublisher | undefined;
  private readonly now: () => number;
  private readonly log: (line: string) => void;
  private readonly timers: NodeJS.Timeout[] = [];
  private rest: RestServer | undefined;
  private port: number | undefined;
  private missedPings = 0;
  private isShuttingDown = false;

  constructor(private readonly options: VideobridgeOptions) {
    const { launch, settings } = options;
    this.jid = `${launch.subdomain}.${launch.domain}`;
    this.now = options.now ?? Date.now;
    this.log = options.log ?? (() => undefined);
    this.conferences = new Conferences(this.now);
    this.traffic = new Traffic(this.now());
    this.connection = new ComponentConnection(
      {
        host: launch.host,
        port: launch.port,
        jid: this.jid,
        secret: launch.secret,
        retrySeconds: options.retrySeconds ?? 5,
        log: this.log,
      },
      {
        connected: () => void this.publisher?.registered(),
        stanza: (stanza) => this.receive(stanza),
      },
    );
    this.publisher = this.statsPublisher(settings);
  }

  async start(): Promise<void> {
    const { launch, rest = { port: 8080 } } = this.options;
    const { settings } = this.options;
    if (launch.apis.includes('rest')) {
      this.rest = new RestServer({
        health: () => this.health(),
        statistics: () =>
          settings.statisticsEnabled ? statisticsObject(this.statistics()) : undefined,
        shutdown: (source) => this.restShutdown(source),
      });
      this.port = await this.rest.listen(rest.port, rest.host);
    }
    if (launch.apis.includes('xmpp')) {
      this.connection.start();
      this.every(pingSeconds * 1000, () => void this.ping());
    }
    this.every(settings.expireCheckSeconds * 1000, () => this.conferences.sweep());
    this.every(settings.intervalMilliseconds, () => this.publish());
  }

  /** The component is gone from Prosody when this resolves. */
  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await Promise.all([this.connection.stop(), this.rest?.close()]);
  }

  /** Port of REST, once started with it. */
  get restPort(): number | undefined {
    return this.port;
  }

  /** Connected to Prosody as a component. */
  get online(): boolean {
    return this.connection.online;
  }

  /** Refused by Prosody, and so never heard of again. */
  get silent(): boolean {
    return this.publisher?.silent ?? true;
  }

  get participants(): number {
    return participantCount(this.conferences.list());
  }

  /**
   * Refuses new conferences from now on. An idle v1 bridge does not exit after this, and there is
   * no way back.
   */
  shutDownGracefully(): void {
    this.isShuttingDown = true;
    this.log('entered graceful shutdown mode');
  }

  statistics(): Statistics {
    const conferences = this.conferences.list();
    const nowMilliseconds = this.now();
    return bridgeStatistics({
      conferences,
      totals: this.conferences.totals(),
      gracefulShutdown: this.isShuttingDown,
      traffic: this.traffic.advance(nowMilliseconds, participantCount(conferences)),
      nowMilliseconds,
    });
  }

  private every(milliseconds: number, action: () => void): void {
    this.timers.push(setInterval(action, milliseconds));
  }

  private statsPublisher(settings: BridgeSettings): StatsPublisher | undefined {
    const { pubsubService, pubsubNode, statisticsEnabled, transports } = settings;
    if (!statisticsEnabled || !transports.includes('pubsub')) return undefined;
    if (pubsubService === undefined || pubsubNode === undefined) return undefined;
    return new StatsPublisher({
      service: pubsubService,
      node: pubsubNode,
      itemId: this.jid,
      request: (to, payload) => this.connection.request({ type: 'set', to, payload }),
      log: this.log,
    });
  }

  private publish(): void {
    if (this.publisher === undefined || this.publisher.silent || !this.online) return;
    void this.publisher.publish(this.statistics());
  }

  private async ping(): Promise<void> {
    const payload = xml('ping', { xmlns: namespaces.ping });
    const to = this.options.launch.domain;
    const answer = await this.connection.request({ type: 'get', to, payload });
    // An error is an answer too: the server is there.
    this.missedPings = answer.kind === 'timeout' ? this.missedPings + 1 : 0;
  }

  private health(): ReturnType<RestActions['health']> {
    return this.missedPings < pingThreshold
      ? { healthy: true }
      : { healthy: false, reason: 'XMPP component not connected' };
  }

  private restShutdown(source: string): ShutdownOutcome {
    return this.options.settings.restShutdownEnabled ? this.shutdownFrom(source) : 'notConfigured';
  }

  private shutdownFrom(source: string): ShutdownOutcome {
    const { shutdownSources } = this.options.settings;
    if (shutdownSources === undefined) return 'notConfigured';
    if (!matchesWhole(source, shutdownSources)) return 'notAllowed';
    this.shutDownGracefully();
    return 'accepted';
  }

  private receive(stanza: Element): void {
    if (stanza.name !== 'iq') return;
    const { type } = stanza.attrs;
    const payload = stanza.getChildElements()[0];
    if (payload === undefined || (type !== 'get' && type !== 'set')) return;
    this.connection.send(this.answer(stanza, payload));
  }

  private answer(iq: Element, payload: Element): Element {
    switch (`${payload.attrs['xmlns'] ?? ''} ${payload.name}`) {
      case `${namespaces.colibri} conference`:
        if (!this.isAuthorized(iq)) return iqError(iq, 'auth', 'not-authorized');
        return answerConference(iq, payload, this.conferences, this.isShuttingDown);
      case `${namespaces.colibri} graceful-shutdown`:
        return this.answerShutdown(iq);
      case `${namespaces.healthcheck} healthcheck`:
        if (!this.isAuthorized(iq)) return iqError(iq, 'auth', 'not-authorized');
        return this.health().healthy
          ? iqResult(iq)
          : iqError(iq, 'cancel', 'internal-server-error');
      case `${namespaces.discoInfo} query`:
        return iqResult(iq, discoInfo());
      case `${namespaces.version} query`:
        return iqResult(iq, softwareVersion());
      case `${namespaces.ping} ping`:
        return iqResult(iq);
      default:
        return iqError(iq, 'cancel', 'feature-not-implemented');
    }
  }

  private isAuthorized(iq: Element): boolean {
    const { authorizedSources } = this.options.settings;
    return (
      authorizedSources === undefined || matchesWhole(iq.attrs['from'] ?? '', authorizedSources)
    );
  }

  private answerShutdown(iq: Element): Element {
    switch (this.shutdownFrom(iq.attrs['from'] ?? '')) {
      case 'accepted':
        return iqResult(iq);
      case 'notAllowed':
        return iqError(iq, 'auth', 'not-authorized');
      case 'notConfigured':
        return iqError(iq, 'cancel', 'service-unavailable');
    }
  }
}

/** As Java's `Matcher.matches`: the pattern must cover all of the text. */
function matchesWhole(text: string, pattern: string): boolean {
  return new RegExp(`^(?:${pattern})$`).test(text);
}
