import { xml, type XmlElement } from '../xmpp/element';
import { ClientSession, type ServerTrust } from '../xmpp/client-session';
import { namespaces } from '../xmpp/namespaces';
import { BridgeRegistry } from './bridge-registry';
import { ColibriLink } from './colibri-link';
import { ControlServer, type FocusStats } from './control-server';
import { Focus } from './focus';
import type { JicofoSettings } from './jicofo-settings';
import { statsItems, type StatsItem } from './stats-item';

export interface JicofoOptions {
  readonly settings: JicofoSettings;
  readonly trust: ServerTrust;
  /** @default nothing is logged */
  readonly log?: (line: string) => void;
}

const reconnectMilliseconds = 2000;
const touchMilliseconds = 20_000;

/**
 * Stand-in for Jicofo, builds 540 to 580: finds bridges by the items on the stats node, places
 * conferences on them by stress, and drops them when they fall silent. There are no web clients:
 * conferences come over {@link ControlServer}, which is ours.
 */
export class Jicofo {
  private readonly registry: BridgeRegistry;
  private readonly link: ColibriLink;
  private readonly focus: Focus;
  private readonly control: ControlServer;
  private readonly log: (line: string) => void;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly beingDiscovered = new Set<string>();
  private readonly unanswered = new Set<string>();
  private session: ClientSession | undefined;
  private reconnect: NodeJS.Timeout | undefined;
  private resubscribe: NodeJS.Timeout | undefined;
  private isStopped = false;
  private port = 0;

  constructor(private readonly options: JicofoOptions) {
    const { settings } = options;
    this.log = options.log ?? (() => undefined);
    this.registry = new BridgeRegistry(settings.maxReportAgeMilliseconds);
    this.link = new ColibriLink((type, to, payload) => this.request(type, to, payload));
    this.focus = new Focus(this.registry, this.link, Date.now);
    this.control = new ControlServer(this.focus, () => this.stats());
  }

  /** Resolves when the control port listens; Prosody may come later. */
  async start(): Promise<void> {
    const { settings } = this.options;
    this.port = await this.control.listen(settings.controlPort, settings.controlHost);
    this.every(settings.maxReportAgeMilliseconds / 2, () => this.expire());
    this.every(settings.healthCheckMilliseconds, () => this.checkHealth());
    this.every(touchMilliseconds, () => this.focus.touchAll());
    await this.connect();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    for (const timer of this.timers) clearInterval(timer);
    clearTimeout(this.reconnect);
    clearTimeout(this.resubscribe);
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
        operational: this.registry.isOperational(jid),
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

  private request(type: 'get' | 'set', to: string, payload: XmlElement) {
    return (
      this.session?.request(type, to, payload) ?? Promise.resolve({ kind: 'timeout' } as const)
    );
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
    session.onStanza = (stanza) => this.receive(stanza);
    session.onClosed = (reason) => {
      this.log(`connection lost: ${reason}`);
      this.session = undefined;
      clearTimeout(this.resubscribe);
      this.connectLater();
    };
    this.registry.forgiveSilence(Date.now());
    void this.subscribe(session);
  }

  private connectLater(): void {
    if (this.isStopped) return;
    this.reconnect = setTimeout(() => void this.connect(), reconnectMilliseconds);
  }

  private async subscribe(session: ClientSession): Promise<void> {
    const { pubsubAddress, pubsubNode, retryMilliseconds } = this.options.settings;
    if (pubsubAddress === undefined || pubsubNode === undefined) {
      this.log('no pubsub address and node: bridges will not be found');
      return;
    }
    // The full JID: without presence nothing is delivered to the bare one.
    const wish = xml('subscribe', { node: pubsubNode, jid: session.jid });
    const payload = xml('pubsub', { xmlns: namespaces.pubsub }, wish);
    const answer = await session.request('set', pubsubAddress, payload);
    if (this.session !== session) return;
    if (answer.kind === 'result') {
      this.log(`subscribed to ${pubsubNode}`);
      return;
    }
    const problem = answer.kind === 'error' ? answer.condition : 'no answer';
    this.log(`not subscribed to ${pubsubNode}: ${problem}`);
    this.resubscribe = setTimeout(() => void this.subscribe(session), retryMilliseconds);
  }

  private receive(stanza: XmlElement): void {
    const { pubsubAddress = '', pubsubNode = '' } = this.options.settings;
    for (const item of statsItems(stanza, pubsubAddress, pubsubNode)) {
      const isKnown = this.registry.update(item.jid, item.report, Date.now());
      if (!isKnown) void this.discover(item);
    }
  }

  private async discover({ jid, report }: StatsItem): Promise<void> {
    if (this.beingDiscovered.has(jid)) return;
    this.beingDiscovered.add(jid);
    const isBridge = await this.link.isBridge(jid);
    this.beingDiscovered.delete(jid);
    if (!isBridge) {
      this.log(`${jid} is not a bridge`);
      return;
    }
    this.registry.add(jid, report, Date.now());
    this.log(`added bridge ${jid}`);
    await this.focus.placeHomeless();
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

  /** An error takes a bridge down; a missing answer is given a second chance. */
  private async checkHealthOf(jid: string): Promise<void> {
    const health = await this.link.health(jid);
    const isSecondSilence = health === 'timeout' && this.unanswered.has(jid);
    if (health === 'timeout' && this.session !== undefined) this.unanswered.add(jid);
    else this.unanswered.delete(jid);
    if (health !== 'failed' && !isSecondSilence) return;
    if (!this.registry.remove(jid)) return;
    this.unanswered.delete(jid);
    this.log(`removed bridge ${jid}: health check failed`);
    await this.focus.bridgeLost(jid);
  }
}
