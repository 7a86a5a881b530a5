import { createHash } from 'node:crypto';
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

/** Nothing secret was sent: the server showed another certificate than the pinned one. */
export class CertificateNotPinnedError extends Error {
  override readonly name = 'CertificateNotPinnedError';
}

/** SHA-256 over the DER form of a certificate, lower-case hex. */
export function certificateFingerprint(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex');
}

/**
 * Makes STARTTLS (RFC 6120 §5) a must, with the server's leaf certificate pinned: before any other
 * stream feature is used, the stream runs on TLS to the holder of that very certificate's key.
 * xmpp.js' own step skips TLS when it is not offered, and trusts the public roots only.
 */
export function requirePinnedStartTls(
  parts: { readonly middleware: Middleware; readonly streamFeatures: StreamFeatures },
  fingerprint: string,
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
    await upgrade(entity, fingerprint);
    // Not returned: xmpp.js would send the value of a handler to the server as an answer.
    await entity.restart();
    return undefined;
  });
}

async function upgrade(entity: Client, fingerprint: string): Promise<void> {
  const { socket } = entity;
  if (socket === null) throw new StartTlsRefusedError('the connection is gone');
  const answer = await entity.sendReceive(xml('starttls', { xmlns: tlsNamespace }));
  if (!answer.is('proceed', tlsNamespace))
    throw new StartTlsRefusedError('the server refused STARTTLS');
  const secured = await securedBy(socket, entity.options.domain, fingerprint);
  entity._detachSocket();
  entity._attachSocket(secured);
}

/**
 * The chain is not verified, as the exact leaf is: the handshake proves that the server holds the
 * leaf's key, and the fingerprint that it is the leaf of Server A. That is stricter than any chain
 * and also serves leaves that a CA issued, which Node < 22 cannot take as a trust anchor.
 */
function securedBy(socket: Socket, servername: string, fingerprint: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const secured = connect({ socket, servername, rejectUnauthorized: false });
    const fail = (error: Error) => {
      secured.destroy();
      reject(error);
    };
    const closed = () => fail(new StartTlsRefusedError('closed during the TLS handshake'));
    secured.on('error', fail);
    secured.on('close', closed);
    secured.once('secureConnect', () => {
      secured.off('close', closed);
      if (shownFingerprint(secured) !== fingerprint) {
        fail(new CertificateNotPinnedError('the server shows another certificate than the pinned'));
        return;
      }
      secured.off('error', fail);
      // xmpp.js asks for this property to know whether a stream is secure.
      resolve(Object.assign(secured, { secure: true }));
    });
  });
}

/** Fingerprint of the leaf that the peer showed, or undefined when it showed none. */
function shownFingerprint(socket: TLSSocket): string | undefined {
  const raw = socket.getPeerX509Certificate()?.raw;
  return raw === undefined ? undefined : certificateFingerprint(raw);
}
