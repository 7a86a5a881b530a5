import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { SaxesParser } from 'saxes';
import { openingTag, serialize, xml, type XmlElement } from './element';
import { namespaces } from './namespaces';

export interface StreamListener {
  /** The server's stream header; again after each restart. */
  opened(attributes: Readonly<Record<string, string>>): void;
  /** One complete element below the stream: a stanza, features, a handshake, an error. */
  received(element: XmlElement): void;
  /** Once, whoever closed it. */
  closed(reason: string): void;
}

/**
 * The XML stream of XMPP (RFC 6120 §4) on a connected socket. @xmpp/client offers no way to trust one
 * certificate for STARTTLS and its component library reconnects on its own terms; this one leaves
 * both to its callers.
 */
export class XmppStream {
  private parser = new SaxesParser({ position: false });
  private decoder = new StringDecoder('utf8');
  private reason: string | undefined;
  private readonly onData = (data: Buffer) => {
    if (this.reason === undefined) this.parser.write(this.decoder.write(data));
  };
  private readonly onError = (error: Error) => this.finish(error.message);
  private readonly onClose = () => this.finish('connection closed');

  constructor(
    private socket: Socket,
    private readonly xmlns: string,
    private readonly to: string,
    private readonly listener: StreamListener,
  ) {
    this.attach();
  }

  /** Writes a stream header and reads what follows as a new stream. */
  open(): void {
    this.parser = this.newParser();
    const header = xml('stream:stream', {
      to: this.to,
      xmlns: this.xmlns,
      'xmlns:stream': namespaces.streams,
      version: '1.0',
    });
    this.socket.write(`<?xml version="1.0"?>${openingTag(header)}>`);
  }

  /** Goes on over the socket that `secure` makes of the present one (STARTTLS); {@link open} must follow. */
  async upgrade(secure: (socket: Socket) => Promise<Socket>): Promise<void> {
    this.socket.off('data', this.onData).off('error', this.onError).off('close', this.onClose);
    this.socket = await secure(this.socket);
    this.attach();
  }

  /** Why it is closed, or undefined while it is open. */
  get closedReason(): string | undefined {
    return this.reason;
  }

  send(element: XmlElement): void {
    if (this.reason === undefined) this.socket.write(serialize(element));
  }

  /** White space between stanzas keeps the connection alive. */
  keepAlive(): void {
    if (this.reason === undefined) this.socket.write(' ');
  }

  /** Closes stream and socket; resolves when the socket is closed, after 2 s at the latest. */
  async close(): Promise<void> {
    if (this.reason !== undefined) return;
    const gone = new Promise<void>((resolve) => this.socket.once('close', () => resolve()));
    this.socket.end('</stream:stream>');
    const force = setTimeout(() => this.socket.destroy(), 2000);
    await gone;
    clearTimeout(force);
  }

  /** Drops the connection at once. */
  abort(reason: string): void {
    this.finish(reason);
    this.socket.destroy();
  }

  private attach(): void {
    this.decoder = new StringDecoder('utf8');
    this.socket.on('data', this.onData).on('error', this.onError).on('close', this.onClose);
  }

  private newParser(): SaxesParser {
    const parser = new SaxesParser({ position: false });
    const path: {
      name: string;
      attributes: Record<string, string>;
      children: (XmlElement | string)[];
    }[] = [];
    let isOpen = false;
    parser.on('opentag', ({ name, attributes: read }) => {
      // Values are objects only when the parser resolves namespaces; this one does not.
      const attributes = read as Record<string, string>;
      if (!isOpen) {
        isOpen = true;
        this.listener.opened(attributes);
        return;
      }
      path.push({ name, attributes, children: [] });
    });
    parser.on('text', (text) => path.at(-1)?.children.push(text));
    parser.on('closetag', () => {
      const element = path.pop();
      const parent = path.at(-1);
      if (element === undefined) this.abort('stream closed by the server');
      else if (parent !== undefined) parent.children.push(element);
      else this.listener.received(element);
    });
    parser.on('error', (error) => this.abort(`not XML: ${error.message}`));
    return parser;
  }

  private finish(reason: string): void {
    if (this.reason !== undefined) return;
    this.reason = reason;
    this.listener.closed(reason);
  }
}
