import { execFileSync } from 'node:child_process';

/** PEM of a fresh self-signed certificate, for further names too. */
export function selfSigned(commonName: string, names: readonly string[] = []): string {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const args = ['req', '-x509', ...key, '-keyout', '/dev/null', '-days', '2'];
  const further = names.map((name) => `DNS:${name}`).join();
  const extension = further === '' ? [] : ['-addext', `subjectAltName=${further}`];
  return execFileSync('openssl', [...args, ...extension, '-subj', `/CN=${commonName}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();
}
