import { Client } from '@xmpp/client-core';
import iqCallerOf, { type IqCaller } from '@xmpp/iq/caller.js';
import middlewareOf, { type Middleware } from '@xmpp/middleware';
import resourceBinding from '@xmpp/resource-binding';
import sasl from '@xmpp/sasl';
import streamFeaturesOf from '@xmpp/stream-features';
import tcp from '@xmpp/tcp';
import SASLFactory from 'saslmechanisms';
import { requireStartTls, StartTlsRefusedError, type Trust } from './starttls';

export interface ClientSettings {
  /** Where the server listens for clients. */
  readonly host: string;
  readonly port: number;
  /** XMPP host of the account, which is also asked for in TLS. */
  readonly domain: string;
  /** For each answer of the server. */
  readonly timeoutMs: number;
  readonly trust: Trust;
  /** SASL mechanisms, the most wanted first. */
  readonly mechanisms: readonly ((factory: SASLFactory) => void)[];
  /** None for an anonymous session. */
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
  /** Chosen by the server by default. */
  readonly resource?: string;
}

export interface XmppClient {
  readonly client: Client;
  readonly iq: IqCaller;
  readonly middleware: Middleware;
}

/** The server could not be reached, refused the account, or ended the stream. */
export class XmppStreamError extends Error {
  override readonly name = 'XmppStreamError';
}

const stopMs = 1_500;

/**
 * A client of the parts of xmpp.js that are needed, with our STARTTLS before any other stream
 * feature. It does not reconnect.
 */
export function makeClient(settings: ClientSettings): XmppClient {
  const { host, port, domain, timeoutMs, trust, mechanisms, credentials, resource } = settings;
  const client = new Client({ service: `xmpp://${host}:${port}`, domain, timeout: timeoutMs });
  // The trust would still hold, but the new connection would escape `stop`.
  client._onSeeOtherHost = (error) => client.emit('error', error);
  tcp({ entity: client });
  const middleware = middlewareOf({ entity: client });
  const streamFeatures = streamFeaturesOf({ middleware });
  const iq = iqCallerOf({ middleware, entity: client });
  requireStartTls({ middleware, streamFeatures }, trust);
  const saslFactory = new SASLFactory();
  for (const mechanism of mechanisms) mechanism(saslFactory);
  sasl({ streamFeatures, saslFactory }, async (authenticate, [mechanism]) => {
    if (mechanism === undefined || !client.isSecure())
      throw new StartTlsRefusedError('no authentication on a stream that is not secure');
    await authenticate(credentials ?? {}, mechanism);
  });
  resourceBinding({ iqCaller: iq, streamFeatures }, resource);
  return { client, iq, middleware };
}

/**
 * Not `client.start()`: that one leaves an unhandled rejection behind when opening the stream
 * fails.
 */
export async function logIn(client: Client): Promise<void> {
  const { service, domain } = client.options;
  const online = new Promise<void>((resolve) => client.once('online', () => resolve()));
  await client.connect(service);
  await client.open({ domain });
  await online;
}

/** Closes stream and socket, within a second and a half. */
export async function stop(client: Client): Promise<void> {
  const { socket } = client;
  if (socket === null) return;
  const stopped = client.stop().catch(() => undefined);
  await within(stopMs, stopped).catch(() => undefined);
  socket.destroy();
}

/** @throws XmppStreamError when the time is up first */
export async function within<Result>(
  milliseconds: number,
  promise: Promise<Result>,
): Promise<Result> {
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
