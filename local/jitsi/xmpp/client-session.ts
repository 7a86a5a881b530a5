import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { child, elements, textOf, xml, type XmlElement } from './element';
import { IqRequests, type IqAnswer } from './iq-requests';
import { namespaces } from './namespaces';
import { XmppStream } from './xmpp-stream';

/**
 * What a server's certificate is checked against: certificates in PEM; nothing, which only a server on this
 * machine's loopback is granted; or nothing at all, where a configuration that is read says so.
 */
export type ServerTrust =
  | { readonly kind: 'pinned'; readonly pem: string }
  | { readonly kind: 'loopback' }
  | { readonly kind: 'anything' };

export type Credentials =
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  | { readonly kind: 'anonymous' };

export interface ClientOptions {
  readonly host: string;
  /** @default 5222 */
  readonly port?: number;
  readonly domain: string;
  readonly credentials: Credentials;
  readonly trust: ServerTrust;
  /** @default the server chooses */
  readonly resource?: string;
  /** For connect, TLS, login and bind together. @default 10 */
  readonly timeoutSeconds?: number;
}

/** A logged-in client-to-server session (RFC 6120). It does not reconnect: whoever holds it decides that. */
export class ClientSession {
  /** Every stanza that is not the answer to one of our requests. */
  onStanza: (stanza: XmlElement) => void = () => undefined;
  /** Once, also after {@link close}. */
  onClosed: (reason: string) => void = () => undefined;
  private readonly requests: IqRequests;

  private constructor(
    readonly jid: string,
    private readonly stream: XmppStream,
    hooks: SessionHooks,
  ) {
    this.requests = new IqRequests((stanza) => this.stream.send(stanza));
    hooks.received = (element) => {
      if (!this.requests.receive(element)) this.onStanza(element);
    };
    hooks.closed = (reason) => {
      this.requests.abandon();
      this.onClosed(reason);
    };
  }

  /** Connects, goes to TLS (always), logs in and binds. Throws with the server's condition when refused. */
  static async connect(options: ClientOptions): Promise<ClientSession> {
    const hooks: SessionHooks = {
      received: () => undefined,
      closed: () => undefined,
      opened: () => undefined,
    };
    const socket = connect({ host: options.host, port: options.port ?? 5222 });
    const stream = new XmppStream(socket, namespaces.client, options.domain, {
      opened: () => hooks.opened(),
      received: (element) => hooks.received(element),
      closed: (reason) => hooks.closed(reason),
    });
    const timer = setTimeout(
      () => stream.abort('login took too long'),
      (options.timeoutSeconds ?? 10) * 1000,
    );
    const next = () => nextElement(stream, hooks);
    try {
      await new Promise<void>((resolve, reject) => {
        hooks.closed = (reason) => reject(new Error(reason));
        socket.once('connect', resolve);
      });
      await logIn(stream, options, next);
      const jid = await bind(stream, options.resource, next);
      return new ClientSession(jid, stream, hooks);
    } catch (error) {
      stream.abort('login failed');
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  send(stanza: XmlElement): void {
    this.stream.send(stanza);
  }

  request(
    type: 'get' | 'set',
    to: string,
    payload: XmlElement,
    timeoutSeconds = 5,
  ): Promise<IqAnswer> {
    return this.requests.request({ type, to, payload, timeoutSeconds });
  }

  async close(): Promise<void> {
    await this.stream.close();
  }
}

interface SessionHooks {
  opened: () => void;
  received: (element: XmlElement) => void;
  closed: (reason: string) => void;
}

function nextElement(stream: XmppStream, hooks: SessionHooks): Promise<XmlElement> {
  return new Promise((resolve, reject) => {
    if (stream.closedReason !== undefined) reject(new Error(stream.closedReason));
    hooks.received = (element) => {
      if (element.name !== 'stream:error') resolve(element);
      else reject(new Error(`stream error ${elements(element)[0]?.name ?? ''}`));
    };
    hooks.closed = (reason) => reject(new Error(reason));
  });
}

async function logIn(
  stream: XmppStream,
  { credentials, domain, trust }: ClientOptions,
  next: () => Promise<XmlElement>,
): Promise<void> {
  stream.open();
  const features = await next();
  if (child(features, 'starttls') === undefined) throw new Error('server offers no TLS');
  stream.send(xml('starttls', { xmlns: namespaces.starttls }));
  const answer = await next();
  if (answer.name !== 'proceed') throw new Error(`STARTTLS: ${answer.name}`);
  await stream.upgrade((socket) => secured(socket, domain, trust));
  stream.open();
  await next();
  const { mechanism, initial } = saslStart(credentials);
  stream.send(xml('auth', { xmlns: namespaces.sasl, mechanism }, initial));
  const outcome = await next();
  if (outcome.name !== 'success') {
    throw new Error(`login refused: ${elements(outcome)[0]?.name ?? outcome.name}`);
  }
  stream.open();
  await next();
}

function saslStart(credentials: Credentials): { mechanism: string; initial: string } {
  if (credentials.kind === 'anonymous') return { mechanism: 'ANONYMOUS', initial: '=' };
  const { user, password } = credentials;
  const initial = Buffer.from(`\0${user}\0${password}`).toString('base64');
  return { mechanism: 'PLAIN', initial };
}

async function secured(socket: Socket, domain: string, trust: ServerTrust): Promise<Socket> {
  const { remoteAddress = '' } = socket;
  if (trust.kind === 'loopback' && !/^(::ffff:)?127\.|^::1$/.test(remoteAddress)) {
    throw new Error(`no certificate to trust for ${remoteAddress}`);
  }
  return new Promise((resolve, reject) => {
    const secure = connectTls({
      socket,
      servername: domain,
      ...(trust.kind === 'pinned' ? { ca: trust.pem } : { rejectUnauthorized: false }),
    });
    secure.once('error', reject);
    secure.once('secureConnect', () => {
      secure.removeListener('error', reject);
      resolve(secure);
    });
  });
}

async function bind(
  stream: XmppStream,
  resource: string | undefined,
  next: () => Promise<XmlElement>,
): Promise<string> {
  const wish = resource === undefined ? [] : [xml('resource', {}, resource)];
  stream.send(
    xml('iq', { id: 'bind', type: 'set' }, xml('bind', { xmlns: namespaces.bind }, ...wish)),
  );
  const answer = await next();
  const bound = child(answer, 'bind');
  const jid = bound && child(bound, 'jid');
  if (jid === undefined) throw new Error('server bound no resource');
  return textOf(jid);
}
