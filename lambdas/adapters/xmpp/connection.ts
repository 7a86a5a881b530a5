import type { Client } from '@xmpp/client-core';
import type { IqCaller } from '@xmpp/iq/caller.js';
import plain from '@xmpp/sasl-plain';
import scramSha1 from '@xmpp/sasl-scram-sha-1';
import { logIn, makeClient, stop, within, XmppStreamError } from './client';
import { pinnedTo } from './pinned-certificate';

export interface XmppAccount {
  /** Where the server listens for clients. */
  readonly host: string;
  readonly port: number;
  /** XMPP host of the account, which is also asked for in TLS. */
  readonly domain: string;
  readonly username: string;
  readonly password: string;
  /** SHA-256 of the server's leaf certificate, lower-case hex. */
  readonly fingerprint: string;
}

export interface XmppSession {
  readonly client: Client;
  readonly iq: IqCaller;
  /** Full address. */
  readonly jid: string;
  /** Rejects when the stream breaks; never resolves. */
  readonly broken: Promise<never>;
}

const connectMs = 6_000;

/**
 * Runs `use` on an authenticated session and ends it in any case, within a deadline: what stays
 * open would wake up in the next invocation of the same container. There is no reconnecting.
 *
 * @throws StartTlsRefusedError, CertificateNotPinnedError before anything secret was sent
 * @throws XmppStreamError, SASLError
 */
export async function withXmppSession<Result>(
  account: XmppAccount,
  use: (session: XmppSession) => Promise<Result>,
): Promise<Result> {
  const { host, port, domain, username, password, fingerprint } = account;
  const { client, iq } = makeClient({
    host,
    port,
    domain,
    timeoutMs: connectMs,
    trust: pinnedTo(fingerprint),
    mechanisms: [scramSha1, plain],
    credentials: { username, password },
  });
  const broken = brokenBy(client);
  try {
    await within(connectMs, Promise.race([logIn(client), broken]));
    return await use({ client, iq, jid: String(client.jid), broken });
  } finally {
    await stop(client);
  }
}

function brokenBy(client: Client): Promise<never> {
  const broken = new Promise<never>((_, reject) => {
    client.on('error', (error: Error) => reject(error));
    client.on('disconnect', () => reject(new XmppStreamError('the server ended the connection')));
  });
  // Whoever waits learns of it; when no one does, it is no crash of the process.
  broken.catch(() => undefined);
  return broken;
}
