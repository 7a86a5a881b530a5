import xml, { type Element } from '@xmpp/xml';
import {
  Traffic,
  statisticsObject,
  statisticText,
  type Statistics,
} from '../videobridge/statistics';
import type { ServerTrust } from '../xmpp/server-trust';
import { iqError, iqResult } from '../xmpp/iq';
import { namespaces } from '../xmpp/namespaces';
import type { BridgeSettings, MucClientSettings } from './bridge-settings';
import { answerConferenceModify } from './colibri2';
import { Conferences } from './conferences';
import { LoadMeasure } from './load-measure';
import { MucClient } from './muc-client';
import { RestServer, type RestActions } from './rest-server';
import { Shutdown } from './shutdown';
import { bridgeStatistics, bridgeVersion, type PeriodicFigures } from './statistics';

export interface Videobridge2Options {
  readonly settings: BridgeSettings;
  /** What the server's certificate is checked against. */
  readonly trust: (client: MucClientSettings) => ServerTrust;
  /** Called when the bridge has shut down gracefully, in place of the process's end. */
  readonly exited: () => void;
  /** @default nothing is logged */
  readonly log?: (line: string) => void;
  /** Milliseconds. @default Date.now */
  readonly now?: () => number;
  /** Between two samples of the load. @default 10 */
  readonly loadSampleSeconds?: number;
}

/**
 * Stand-in for a Jitsi Videobridge of today (2.3-307) with accounts and brewery rooms: all that
 * other programs can see of one except media. Runs as a program (`main.ts`) and inside another.
 */
export class Videobridge2 {
  private readonly conferences: Conferences;
  private readonly traffic: Traffic;
  private readonly load = new LoadMeasure();
  private readonly shutdown: Shutdown;
  private readonly clients: readonly MucClient[];
  private readonly now: () => number;
  private readonly log: (line: string) => void;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly rest: RestServer;
  private periodic: PeriodicFigures = { participants: 0, largestConference: 0 };
  private isDraining: boolean;
  private port: number | undefined;

  constructor(private readonly options: Videobridge2Options) {
    const { settings } = options;
    this.now = options.now ?? Date.now;
    this.log = options.log ?? (() => undefined);
    this.isDraining = settings.startsDraining;
    this.conferences = new Conferences(this.now);
    this.traffic = new Traffic(this.now());
    this.shutdown = new Shutdown({
      maxSeconds: settings.gracefulShutdownMaxSeconds,
      minParticipants: settings.gracefulShutdownMinParticipants,
      delaySeconds: settings.shuttingDownSeconds,
      exit: options.exited,
      log: this.log,
    });
    this.clients = settings.clients.map(
      (client) =>
        new MucClient({
          settings: client,
          trust: () => options.trust(client),
          presence: () => this.presence(),
          answer: (stanza) => this.answer(stanza),
          log: this.log,
        }),
    );
    this.rest = new RestServer(settings.rest, this.restActions());
  }

  async start(): Promise<void> {
    const { settings, loadSampleSeconds = 10 } = this.options;
    this.port = await this.rest.listen(settings.rest.port, settings.rest.host);
    this.every(settings.presenceSeconds, () => this.publish());
    this.every(loadSampleSeconds, () =>
      this.load.measure(this.participants, settings.averageParticipantStress),
    );
    this.every(settings.expireSeconds, () => {
      this.conferences.sweep(settings.expireSeconds);
      this.shutdown.participantsChanged(this.participants);
    });
    for (const client of this.clients) client.start();
  }

  /** Gone from its rooms when this resolves. */
  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    this.shutdown.stop();
    await Promise.all([...this.clients.map((client) => client.stop()), this.rest.close()]);
  }

  /** Port of REST, once started. */
  get restPort(): number | undefined {
    return this.port;
  }

  /** In all its rooms. */
  get online(): boolean {
    const { configured, joined } = this.roomCounts();
    return configured > 0 && joined === configured;
  }

  /** People on it right now; its statistics say so some seconds later. */
  get participants(): number {
    return this.conferences.participantCount();
  }

  statistics(): Statistics {
    const { settings } = this.options;
    const nowMilliseconds = this.now();
    return bridgeStatistics({
      conferenceCount: this.conferences.list().length,
      localEndpoints: this.participants,
      periodic: this.periodic,
      totals: this.conferences.totals(),
      traffic: this.traffic.advance(nowMilliseconds, this.participants),
      stress: this.load.stress,
      averageParticipantStress: settings.averageParticipantStress,
      gracefulShutdown: this.shutdown.state !== 'running',
      shuttingDown: this.shutdown.state === 'shuttingDown',
      drain: this.isDraining,
      healthy: settings.hasValidAddress,
      clients: {
        configured: this.clients.length,
        connected: this.clients.filter(({ isConnected }) => isConnected).length,
      },
      rooms: this.roomCounts(),
      region: settings.region,
      relayId: settings.relayId,
      nowMilliseconds,
    });
  }

  private every(seconds: number, action: () => void): void {
    this.timers.push(setInterval(action, seconds * 1000));
  }

  private roomCounts(): { readonly configured: number; readonly joined: number } {
    const counts = this.clients.map(({ roomCount }) => roomCount);
    return {
      configured: counts.reduce((sum, { configured }) => sum + configured, 0),
      joined: counts.reduce((sum, { joined }) => sum + joined, 0),
    };
  }

  private presence(): Element {
    const stats = [...this.statistics()].map(([name, value]) =>
      xml('stat', { name, value: statisticText(value) }),
    );
    return xml('stats', { xmlns: namespaces.colibri }, ...stats);
  }

  private publish(): void {
    for (const client of this.clients) client.publish();
    const sizes = this.conferences.list().map(({ endpoints }) => endpoints.length);
    this.periodic = {
      participants: sizes.reduce((sum, size) => sum + size, 0),
      largestConference: Math.max(0, ...sizes),
    };
  }

  private restActions(): RestActions {
    return {
      health: () => this.health(),
      statistics: () => statisticsObject(this.statistics()),
      isDraining: () => this.isDraining,
      setDrain: (drain) => {
        this.log(`Received drain request. enable=${drain === 'enabled'}`);
        this.isDraining = drain === 'enabled';
      },
      shutDown: (kind) => this.shutdown.begin(kind, this.participants),
    };
  }

  /** As the real one: it does not look at the XMPP connection. */
  private health(): ReturnType<RestActions['health']> {
    return this.options.settings.hasValidAddress
      ? { healthy: true }
      : { healthy: false, reason: 'No valid IP addresses available for harvesting.' };
  }

  /** Undefined for what is no request. */
  private answer(stanza: Element): Element | undefined {
    const { type } = stanza.attrs;
    const payload = stanza.getChildElements()[0];
    if (stanza.name !== 'iq' || (type !== 'get' && type !== 'set')) return undefined;
    switch (`${payload?.attrs['xmlns'] ?? ''} ${payload?.name ?? ''}`) {
      case `${namespaces.colibri2} conference-modify`:
        return this.answerColibri(stanza, payload ?? xml('none'));
      case `${namespaces.healthcheck} healthcheck`:
        return this.health().healthy
          ? iqResult(stanza)
          : iqError(stanza, 'cancel', 'internal-server-error');
      case `${namespaces.ping} ping`:
        return iqResult(stanza);
      case `${namespaces.version} query`:
        return iqResult(stanza, softwareVersion());
      default:
        return iqError(stanza, 'cancel', 'service-unavailable');
    }
  }

  private answerColibri(iq: Element, request: Element): Element {
    // A bridge that is shutting down refuses nothing any more: the focus leaves it alone by then.
    const refuses = this.shutdown.state === 'gracefulShutdown';
    const answer = answerConferenceModify(iq, request, this.conferences, refuses);
    this.shutdown.participantsChanged(this.participants);
    return answer;
  }
}

function softwareVersion(): Element {
  return xml(
    'query',
    { xmlns: namespaces.version },
    xml('name', {}, 'JVB'),
    xml('version', {}, bridgeVersion),
    xml('os', {}, 'Linux'),
  );
}
