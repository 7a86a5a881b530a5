import { createHash } from 'node:crypto';
import type { Trust } from './starttls';

/** Nothing secret was sent: the server showed another certificate than the pinned one. */
export class CertificateNotPinnedError extends Error {
  override readonly name = 'CertificateNotPinnedError';
}

/** SHA-256 over the DER form of a certificate, lower-case hex. */
export function certificateFingerprint(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex');
}

/**
 * Trusts the holder of one leaf certificate's key. The chain is not verified, as the exact leaf
 * is: the handshake proves that the server holds the leaf's key, and the fingerprint that it is
 * the leaf of Server A. That is stricter than any chain and also serves leaves that a CA issued,
 * which Node < 22 cannot take as a trust anchor.
 */
export function pinnedTo(fingerprint: string): Trust {
  return {
    options: { rejectUnauthorized: false },
    objectionTo: (secured) => {
      const shown = secured.getPeerX509Certificate()?.raw;
      return shown !== undefined && certificateFingerprint(shown) === fingerprint
        ? undefined
        : new CertificateNotPinnedError('the server shows another certificate than the pinned');
    },
  };
}
