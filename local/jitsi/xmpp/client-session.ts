import type { Client } from '@xmpp/client-core';
import type { IqCaller } from '@xmpp/iq/caller.js';
import anonymous from '@xmpp/sasl-anonymous';
import plain from '@xmpp/sasl-plain';
import type { Element } from '@xmpp/xml';
import { logIn, makeClient, stop, within } from '../../../lambdas/adapters/xmpp/client';
import { ask, type IqAnswer } from './iq';
import { trustOf, type ServerTrust } from './server-trust';

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

/**
 * A logged-in client-to-server session (RFC 6120). It does not reconnect: whoever holds it decides
 * that.
 */
export class ClientSession {
  /** Every stanza that is not the answer to one of our requests. */
  onStanza: (stanza: Element) => void = () => undefined;
  /** Once, also after {@link close}. */
  onClosed: (reason: string) => void = () => undefined;
  /** Resolves when the session is over. */
  private readonly over: Promise<IqAnswer>;

  private constructor(
    private readonly client: Client,
    private readonly iq: IqCaller,
  ) {
    let reason = 'connection closed';
    client.on('error', (error: Error) => (reason = error.message));
    // The server ends the stream before the connection. Once: stopping a client whose stream has
    // ended says `close` again.
    client.once('close', () => void stop(client));
    this.over = new Promise((resolve) =>
      client.once('disconnect', () => {
        resolve({ kind: 'timeout' });
        this.onClosed(reason);
      }),
    );
  }

  /**
   * Connects, goes to TLS (always), logs in and binds. Throws with the server's condition when
   * refused.
   */
  static async connect(options: ClientOptions): Promise<ClientSession> {
    const { host, port = 5222, domain, credentials, trust, resource } = options;
    const timeoutMs = (options.timeoutSeconds ?? 10) * 1000;
    const { client, iq, middleware } = makeClient({
      host,
      port,
      domain,
      timeoutMs,
      trust: trustOf(trust),
      ...(credentials.kind === 'anonymous'
        ? { mechanisms: [anonymous], credentials: undefined }
        : {
            // Within TLS. Prosody computes the keys of SCRAM anew for each login to an account
            // that is stored in plain, which takes seconds on a busy machine.
            mechanisms: [plain],
            credentials: { username: credentials.user, password: credentials.password },
          }),
      ...(resource === undefined ? {} : { resource }),
    });
    const refused = new Promise<never>((_, reject) => {
      client.on('error', reject);
      client.once('disconnect', () => reject(new Error('the server ended the connection')));
    });
    try {
      await within(timeoutMs, Promise.race([logIn(client), refused]));
    } catch (error) {
      await stop(client);
      throw error;
    }
    const session = new ClientSession(client, iq);
    middleware.use(({ stanza }, next) => {
      if (client.isStanza(stanza)) session.onStanza(stanza);
      return next();
    });
    return session;
  }

  /** Full address. */
  get jid(): string {
    return String(this.client.jid);
  }

  /** What is sent to a session that is over is lost. */
  send(stanza: Element): void {
    this.client.send(stanza).catch(() => undefined);
  }

  request(
    type: 'get' | 'set',
    to: string,
    payload: Element,
    timeoutSeconds = 5,
  ): Promise<IqAnswer> {
    return Promise.race([ask(this.iq, { type, to, payload, timeoutSeconds }), this.over]);
  }

  async close(): Promise<void> {
    await stop(this.client);
  }
}
