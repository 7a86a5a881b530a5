import type { Element } from '@xmpp/xml';
import { ClientSession } from '../xmpp/client-session';
import type { ServerTrust } from '../xmpp/server-trust';
import { BreweryFinder } from './brewery-finder';
import type { BridgeFinder } from './bridge-finder';
import { BridgeRegistry, breweryRules, pubsubRules } from './bridge-registry';
import type { BridgeReport } from './bridge-registry';
import { Colibri2Link } from './colibri2-link';
import { ColibriLink } from './colibri-link';
import { ControlServer, type FocusStats } from './control-server';
import { Focus } from './focus';
import { healthOf } from './health-check';
import type { JicofoSettings } from './jicofo-settings';
import { PubsubFinder } from './pubsub-finder';

export interface JicofoOptions {
  readonly settings: JicofoSettings;
  readonly trust: ServerTrust;
  /** @default nothing is logged */
  readonly log?: (line: string) => void;
}

const reconnectMilliseconds = 2000;
const touchMilliseconds = 20_000;

/**
 * Stand-in for Jicofo: for builds 540 to 580, which find bridges by the items on the stats node
 * and drop them when they fall silent, and for those of today, which see them in the brewery. It
 * places conferences by stress. There are no web clients: conferences come over {@link
 * ControlServer}, which is ours.
 */
export class Jicofo {
  private readonly registry: BridgeRegistry;
  private readonly finder: BridgeFinder | undefined;
  private readonly focus: Focus;
  private readonly control: ControlServer;
  private readonly log: (line: string) => void;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly unanswered = new Set<string>();
  private session: ClientSession | undefined;
  private reconnect: NodeJS.Timeout | undefined;
  private isStopped = false;
  private port = 0;

  constructor(private readonly options: JicofoOptions) {
    const { settings } = options;
    this.log = options.log ?? (() => undefined);
    const isToday = settings.bridges.kind === 'brewery';
    const rules = isToday ? breweryRules : pubsubRules;
    this.registry = new BridgeRegistry(settings.maxReportAgeMilliseconds, rules);
    this.finder = this.finderFor(settings);
    const link = isToday ? new Colibri2Link(this.request) : new ColibriLink(this.request);
    this.focus = new Focus(this.registry, link, Date.now);
    this.control = new ControlServer(this.focus, () => this.stats());
  }

  /** Resolves when the control port listens; Prosody may come later. */
  async start(): Promise<void> {
    const { settings } = this.options;
    this.port = await this.control.listen(settings.controlPort, settings.controlHost);
    if (settings.bridges.kind === 'pubsub') {
      this.every(settings.maxReportAgeMilliseconds / 2, () => this.expire());
    }
    this.every(settings.healthCheckMilliseconds, () => this.checkHealth());
    this.every(touchMilliseconds, () => this.focus.touchAll());
    await this.connect();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    for (const timer of this.timers) clearInterval(timer);
    clearTimeout(this.reconnect);
    this.finder?.disconnected();
    await Promise.all([this.session?.close(), this.control.close()]);
  }

  get controlPort(): number {
    return this.port;
  }

  stats(): FocusStats {
    const { firstConferences, ...counts } = this.focus.counts();
    const now = Date.now();
    return {
      connected: this.session !== undefined,
      ...counts,
      bridges: this.registry.list().map(({ jid, report, addedAt }) => ({
        jid,
        stress: this.registry.stress(jid, now),
        participants: report.participants,
        conferences: report.conferences,
        placedParticipants: this.focus.participantsOn(jid),
        operational: this.registry.isOperational(jid, now),
        addedAt: new Date(addedAt).toISOString(),
      })),
      firstConferences: [...firstConferences].map(([jid, at]) => ({
        jid,
        at: new Date(at).toISOString(),
      })),
    };
  }

  private every(milliseconds: number, action: () => Promise<void>): void {
    this.timers.push(setInterval(() => void action(), milliseconds));
  }

  private readonly request = (type: 'get' | 'set', to: string, payload: Element) =>
    this.session?.request(type, to, payload) ?? Promise.resolve({ kind: 'timeout' } as const);

  private finderFor({ bridges, authUser, ...settings }: JicofoSettings): BridgeFinder | undefined {
    const events = {
      reported: (jid: string, report: BridgeReport) =>
        this.registry.update(jid, report, Date.now()) ? ('known' as const) : ('unknown' as const),
      found: (jid: string, report: BridgeReport) => void this.found(jid, report),
      gone: (jid: string, reason: string) => void this.lose(jid, reason),
      log: this.log,
    };
    const { retryMilliseconds } = settings;
    switch (bridges.kind) {
      case 'pubsub': {
        const isBridge = (jid: string) => new ColibriLink(this.request).isBridge(jid);
        return new PubsubFinder({ ...bridges, retryMilliseconds, isBridge }, events);
      }
      case 'brewery':
        return new BreweryFinder({ ...bridges, nickname: authUser, retryMilliseconds }, events);
      case 'none':
        this.log('nothing says where bridges are: they will not be found');
        return undefined;
    }
  }

  private async connect(): Promise<void> {
    const { settings, trust } = this.options;
    try {
      const session = await ClientSession.connect({
        host: settings.host,
        port: settings.port,
        domain: settings.authDomain,
        credentials: {
          kind: 'password',
          user: settings.authUser,
          password: settings.authPassword,
        },
        trust,
      });
      this.connected(session);
    } catch (error) {
      this.log(`not connected: ${error instanceof Error ? error.message : 'unknown reason'}`);
      this.connectLater();
    }
  }

  private connected(session: ClientSession): void {
    if (this.isStopped) {
      void session.close();
      return;
    }
    this.session = session;
    this.log(`connected as ${session.jid}`);
    session.onStanza = (stanza) => this.finder?.receive(stanza);
    session.onClosed = (reason) => {
      this.log(`connection lost: ${reason}`);
      this.session = undefined;
      this.finder?.disconnected();
      this.connectLater();
    };
    this.registry.forgiveSilence(Date.now());
    this.finder?.connected(session);
  }

  private connectLater(): void {
    if (this.isStopped) return;
    this.reconnect = setTimeout(() => void this.connect(), reconnectMilliseconds);
  }

  private async found(jid: string, report: BridgeReport): Promise<void> {
    this.registry.add(jid, report, Date.now());
    this.log(`added bridge ${jid}`);
    await this.focus.placeHomeless();
  }

  private async lose(jid: string, reason: string): Promise<void> {
    if (!this.registry.remove(jid)) return;
    this.unanswered.delete(jid);
    this.log(`removed bridge ${jid}: ${reason}`);
    await this.focus.bridgeLost(jid);
  }

  private async expire(): Promise<void> {
    // While the focus itself is cut off it hears nobody.
    if (this.session === undefined) return;
    for (const jid of this.registry.expire(Date.now())) {
      this.log(`removed bridge ${jid}: no report`);
      await this.focus.bridgeLost(jid);
    }
    await this.focus.placeHomeless();
  }

  private async checkHealth(): Promise<void> {
    await Promise.all(this.registry.list().map(({ jid }) => this.checkHealthOf(jid)));
  }

  /**
   * An error takes a bridge down; a missing answer is given a second chance. Who is in the brewery
   * stays known and is only not used; after a missing answer its conferences stay too.
   */
  private async checkHealthOf(jid: string): Promise<void> {
    const health = await healthOf(this.request, jid);
    const isSecondSilence = health === 'timeout' && this.unanswered.has(jid);
    if (health === 'timeout' && this.session !== undefined) this.unanswered.add(jid);
    else this.unanswered.delete(jid);
    if (health !== 'failed' && !isSecondSilence) return;
    if (this.options.settings.bridges.kind !== 'brewery') {
      await this.lose(jid, 'health check failed');
      return;
    }
    this.log(`bridge ${jid} is not used for a while: health check ${health}`);
    this.registry.markFailed(jid, Date.now());
    if (health === 'failed') await this.focus.bridgeLost(jid);
  }
}
