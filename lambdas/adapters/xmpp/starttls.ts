import type { Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { xml, type Client } from '@xmpp/client-core';
import type { Middleware } from '@xmpp/middleware';
import type { StreamFeatures } from '@xmpp/stream-features';

const tlsNamespace = 'urn:ietf:params:xml:ns:xmpp-tls';
const streamNamespace = 'http://etherx.jabber.org/streams';

/** Nothing secret was sent: the server did not offer STARTTLS, or refused it. */
export class StartTlsRefusedError extends Error {
  override readonly name = 'StartTlsRefusedError';
}

/** Whom to believe that it is the server. */
export interface Trust {
  /** What Node verifies in the handshake. */
  readonly options: { readonly ca?: string; readonly rejectUnauthorized?: boolean };
  /** What speaks against a server that Node has accepted; undefined when nothing does. */
  readonly objectionTo: (secured: TLSSocket) => Error | undefined;
}

/**
 * Makes STARTTLS (RFC 6120 §5) a must: before any other stream feature is used, the stream runs on
 * TLS to a server that is trusted. xmpp.js' own step skips TLS when it is not offered, and trusts
 * the public roots only.
 */
export function requireStartTls(
  parts: { readonly middleware: Middleware; readonly streamFeatures: StreamFeatures },
  trust: Trust,
): void {
  parts.middleware.use(({ entity, stanza }, next) => {
    const stripped =
      stanza.is('features', streamNamespace) &&
      !entity.isSecure() &&
      stanza.getChild('starttls', tlsNamespace) === undefined;
    if (stripped) throw new StartTlsRefusedError('the server offers no STARTTLS');
    return next();
  });
  parts.streamFeatures.use('starttls', tlsNamespace, async ({ entity }, next) => {
    if (entity.isSecure()) return next();
    await upgrade(entity, trust);
    // Not returned: xmpp.js would send the value of a handler to the server as an answer.
    await entity.restart();
    return undefined;
  });
}

async function upgrade(entity: Client, trust: Trust): Promise<void> {
  const { socket } = entity;
  if (socket === null) throw new StartTlsRefusedError('the connection is gone');
  const answer = await entity.sendReceive(xml('starttls', { xmlns: tlsNamespace }));
  if (!answer.is('proceed', tlsNamespace))
    throw new StartTlsRefusedError('the server refused STARTTLS');
  const secured = await securedBy(socket, entity.options.domain, trust);
  entity._detachSocket();
  entity._attachSocket(secured);
}

function securedBy(socket: Socket, servername: string, trust: Trust): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const secured = connect({ socket, servername, ...trust.options });
    const fail = (error: Error) => {
      secured.destroy();
      reject(error);
    };
    const closed = () => fail(new StartTlsRefusedError('closed during the TLS handshake'));
    secured.on('error', fail);
    secured.on('close', closed);
    secured.once('secureConnect', () => {
      secured.off('close', closed);
      const objection = trust.objectionTo(secured);
      if (objection !== undefined) {
        fail(objection);
        return;
      }
      secured.off('error', fail);
      // xmpp.js asks for this property to know whether a stream is secure.
      resolve(Object.assign(secured, { secure: true }));
    });
  });
}
