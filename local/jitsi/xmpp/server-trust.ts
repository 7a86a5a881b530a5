import { StartTlsRefusedError, type Trust } from '../../../lambdas/adapters/xmpp/starttls';

/**
 * What a server's certificate is checked against: certificates in PEM; nothing, which only a
 * server on this machine's loopback is granted; or nothing at all, where a configuration that is
 * read says so.
 */
export type ServerTrust =
  | { readonly kind: 'pinned'; readonly pem: string }
  | { readonly kind: 'loopback' }
  | { readonly kind: 'anything' };

/** The same, for the TLS handshake. */
export function trustOf(trust: ServerTrust): Trust {
  switch (trust.kind) {
    case 'pinned':
      return { options: { ca: trust.pem }, objectionTo: () => undefined };
    case 'anything':
      return { options: { rejectUnauthorized: false }, objectionTo: () => undefined };
    case 'loopback':
      return {
        options: { rejectUnauthorized: false },
        objectionTo: ({ remoteAddress = 'a closed connection' }) =>
          /^(::ffff:)?127\.|^::1$/.test(remoteAddress)
            ? undefined
            : new StartTlsRefusedError(`no certificate to trust for ${remoteAddress}`),
      };
  }
}
