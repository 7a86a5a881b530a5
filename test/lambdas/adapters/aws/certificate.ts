import { execFileSync } from 'node:child_process';

/** PEM of a fresh self-signed certificate. */
export function selfSigned(commonName: string): string {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const args = ['req', '-x509', ...key, '-keyout', '/dev/null', '-days', '2'];
  return execFileSync('openssl', [...args, '-subj', `/CN=${commonName}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();
}
