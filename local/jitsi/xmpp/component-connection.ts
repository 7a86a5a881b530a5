import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { elements, xml, type XmlElement } from './element';
import { namespaces } from './namespaces';
import { XmppStream } from './xmpp-stream';

export interface ComponentOptions {
  readonly host: string;
  readonly port: number;
  /** `<subdomain>.<domain>`. */
  readonly jid: string;
  readonly secret: string;
  /** @default 5 */
  readonly retrySeconds?: number;
  readonly log: (line: string) => void;
}

export interface ComponentListener {
  connected(): void;
  disconnected(): void;
  stanza(stanza: XmlElement): void;
}

/**
 * XEP-0114 over plain TCP as Jitsi's Whack library does it: tries forever, every 5 s while refused;
 * a connection that breaks is tried again at once. White space every 30 s.
 */
export class ComponentConnection {
  private stream: XmppStream | undefined;
  private timer: NodeJS.Timeout | undefined;
  private keepAlive: NodeJS.Timeout | undefined;
  private isOnline = false;
  private isStopped = false;

  constructor(
    private readonly options: ComponentOptions,
    private readonly listener: ComponentListener,
  ) {}

  start(): void {
    this.isStopped = false;
    this.dial();
  }

  get online(): boolean {
    return this.isOnline;
  }

  send(stanza: XmlElement): void {
    if (this.isOnline) this.stream?.send(stanza);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.stream?.close();
  }

  private dial(): void {
    const { host, port, jid, secret, log } = this.options;
    let problem: string | undefined;
    const socket = connect({ host, port });
    const slow = setTimeout(() => this.stream?.abort('no answer in 10 s'), 10_000);
    const stream = new XmppStream(socket, namespaces.component, jid, {
      opened: ({ id = '' }) => {
        const digest = createHash('sha1')
          .update(id + secret)
          .digest('hex');
        stream.send(xml('handshake', {}, digest));
      },
      received: (element) => {
        if (element.name === 'stream:error') problem = elements(element)[0]?.name;
        else if (element.name === 'handshake') {
          clearTimeout(slow);
          this.becameOnline();
        } else if (this.isOnline) this.listener.stanza(element);
      },
      closed: (reason) => {
        clearTimeout(slow);
        log(`component ${jid}: ${problem ?? reason}`);
        this.lost();
      },
    });
    this.stream = stream;
    socket.once('connect', () => stream.open());
  }

  private becameOnline(): void {
    this.isOnline = true;
    this.keepAlive = setInterval(() => this.stream?.keepAlive(), 30_000);
    this.options.log(`component ${this.options.jid}: connected`);
    this.listener.connected();
  }

  private lost(): void {
    const wasOnline = this.isOnline;
    this.isOnline = false;
    clearInterval(this.keepAlive);
    if (wasOnline) this.listener.disconnected();
    if (this.isStopped) return;
    const delaySeconds = wasOnline ? 0 : (this.options.retrySeconds ?? 5);
    this.timer = setTimeout(() => this.dial(), delaySeconds * 1000);
  }
}
