import { Client } from '@xmpp/client-core';
import iqCallerOf, { type IqCaller } from '@xmpp/iq/caller.js';
import middlewareOf from '@xmpp/middleware';
import resourceBinding from '@xmpp/resource-binding';
import sasl from '@xmpp/sasl';
import plain from '@xmpp/sasl-plain';
import scramSha1 from '@xmpp/sasl-scram-sha-1';
import streamFeaturesOf from '@xmpp/stream-features';
import tcp from '@xmpp/tcp';
import SASLFactory from 'saslmechanisms';
import { requirePinnedStartTls, StartTlsRefusedError } from './pinned-starttls';

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

/** The server could not be reached, refused the account, or ended the stream. */
export class XmppStreamError extends Error {
  override readonly name = 'XmppStreamError';
}

const connectMs = 6_000;
const stopMs = 1_500;

/**
 * Runs `use` on an authenticated session and ends it in any case, within a deadline: what stays open
 * would wake up in the next invocation of the same container. There is no reconnecting.
 *
 * @throws StartTlsRefusedError, CertificateNotPinnedError before anything secret was sent
 * @throws XmppStreamError, SASLError
 */
export async function withXmppSession<Result>(
  account: XmppAccount,
  use: (session: XmppSession) => Promise<Result>,
): Promise<Result> {
  const { client, iq } = clientOf(account);
  const broken = brokenBy(client);
  try {
    await within(connectMs, Promise.race([logIn(client), broken]));
    return await use({ client, iq, jid: String(client.jid), broken });
  } finally {
    await stop(client);
  }
}

/** The parts of xmpp.js that are needed, with our STARTTLS before any other stream feature. */
function clientOf({ host, port, domain, username, password, fingerprint }: XmppAccount) {
  const client = new Client({ service: `xmpp://${host}:${port}`, domain, timeout: connectMs });
  // The pin would still hold, but the new connection would escape `stop`.
  client._onSeeOtherHost = (error) => client.emit('error', error);
  tcp({ entity: client });
  const middleware = middlewareOf({ entity: client });
  const streamFeatures = streamFeaturesOf({ middleware });
  const iq = iqCallerOf({ middleware, entity: client });
  requirePinnedStartTls({ middleware, streamFeatures }, fingerprint);
  const saslFactory = new SASLFactory();
  scramSha1(saslFactory);
  plain(saslFactory);
  sasl({ streamFeatures, saslFactory }, async (authenticate, mechanisms) => {
    const [mechanism] = mechanisms;
    if (mechanism === undefined || !client.isSecure())
      throw new StartTlsRefusedError('no authentication on a stream that is not secure');
    await authenticate({ username, password }, mechanism);
  });
  resourceBinding({ iqCaller: iq, streamFeatures });
  return { client, iq };
}

/** Not `client.start()`: that one leaves an unhandled rejection behind when opening the stream fails. */
async function logIn(client: Client): Promise<void> {
  const { service, domain } = client.options;
  const online = new Promise<void>((resolve) => client.once('online', () => resolve()));
  await client.connect(service);
  await client.open({ domain });
  await online;
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

async function stop(client: Client): Promise<void> {
  const { socket } = client;
  if (socket === null) return;
  const stopped = client.stop().catch(() => undefined);
  await within(stopMs, stopped).catch(() => undefined);
  socket.destroy();
}

/** @throws XmppStreamError when the time is up first */
async function within<Result>(milliseconds: number, promise: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new XmppStreamError(`no answer within ${milliseconds} ms`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
