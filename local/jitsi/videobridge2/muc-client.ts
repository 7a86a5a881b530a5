import xml, { type Element } from '@xmpp/xml';
import { ClientSession } from '../xmpp/client-session';
import type { ServerTrust } from '../xmpp/server-trust';
import { namespaces } from '../xmpp/namespaces';
import { joinRequest, leavePresence, occupantPresence, roomPresence } from '../xmpp/room';
import type { MucClientSettings } from './bridge-settings';

export interface MucClientOptions {
  readonly settings: MucClientSettings;
  /** Read again at every attempt to connect. */
  readonly trust: () => ServerTrust;
  /** What the rooms are to see; asked for whenever presence is sent. */
  readonly presence: () => Element;
  /** Answers a request, or undefined for a stanza that is none. */
  readonly answer: (stanza: Element) => Element | undefined;
  /** @default 1 */
  readonly retrySeconds?: number;
  readonly log: (line: string) => void;
}

/**
 * One account of a bridge: logs in, joins its rooms, shows presence there, and comes back whenever
 * it was lost.
 */
export class MucClient {
  private session: ClientSession | undefined;
  private readonly joined = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(private readonly options: MucClientOptions) {}

  start(): void {
    void this.connect();
  }

  get isConnected(): boolean {
    return this.session !== undefined;
  }

  get roomCount(): { readonly configured: number; readonly joined: number } {
    return { configured: this.options.settings.rooms.length, joined: this.joined.size };
  }

  /** Sends the presence of now to every room that was joined. */
  publish(): void {
    for (const room of this.joined) this.send(room);
  }

  /** Leaves the rooms and logs out. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    const { nickname } = this.options.settings;
    for (const room of this.joined) this.session?.send(leavePresence(room, nickname));
    await this.session?.close();
  }

  private async connect(): Promise<void> {
    const { settings, log } = this.options;
    try {
      const session = await ClientSession.connect({
        host: settings.host,
        port: settings.port,
        domain: settings.domain,
        credentials: {
          kind: 'password',
          user: settings.username,
          password: settings.password,
        },
        trust: this.options.trust(),
      });
      if (this.isStopped) {
        await session.close();
        return;
      }
      log(`client ${settings.id}: connected as ${session.jid}`);
      this.session = session;
      session.onStanza = (stanza) => this.receive(stanza);
      session.onClosed = (reason) => this.lost(reason);
      for (const room of settings.rooms) this.send(room, joinRequest());
    } catch (error) {
      log(`client ${settings.id}: ${error instanceof Error ? error.message : String(error)}`);
      this.later();
    }
  }

  private lost(reason: string): void {
    this.options.log(`client ${this.options.settings.id}: connection lost: ${reason}`);
    this.session = undefined;
    this.joined.clear();
    this.later();
  }

  private later(): void {
    if (this.isStopped) return;
    const seconds = this.options.retrySeconds ?? 1;
    this.timer = setTimeout(() => void this.connect(), seconds * 1000);
  }

  private send(room: string, ...extensions: readonly Element[]): void {
    const { nickname } = this.options.settings;
    this.session?.send(roomPresence(room, nickname, ...extensions, this.options.presence()));
  }

  private receive(stanza: Element): void {
    const answer = this.options.answer(stanza);
    if (answer !== undefined) this.session?.send(answer);
    for (const room of this.options.settings.rooms) this.receiveFrom(room, stanza);
  }

  private receiveFrom(room: string, stanza: Element): void {
    const presence = occupantPresence(stanza, room);
    if (presence === undefined) return;
    if (presence.kind === 'error') {
      const problem = stanza.getChildren('error').flatMap((error) => error.getChildElements())[0];
      this.options.log(`room ${room}: ${problem?.name ?? 'refused'} ${problem?.getText() ?? ''}`);
      void this.session?.close();
    } else if (presence.isSelf && presence.kind === 'available') {
      if (!this.joined.has(room)) this.options.log(`room ${room}: joined`);
      this.joined.add(room);
      if (hasStatus(stanza, '201')) void this.openRoom(room);
    }
  }

  /**
   * Takes the defaults for a room that we made by entering it: until then a server may keep it
   * locked.
   */
  private async openRoom(room: string): Promise<void> {
    const form = xml('x', { xmlns: namespaces.dataForm, type: 'submit' });
    const query = xml('query', { xmlns: `${namespaces.muc}#owner` }, form);
    await this.session?.request('set', room, query);
  }
}

function hasStatus(stanza: Element, code: string): boolean {
  return stanza
    .getChildren('x')
    .some((x) => x.getChildren('status').some(({ attrs }) => attrs['code'] === code));
}
