import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

import type { ServerTrust } from '../xmpp/server-trust';
import type { MucClientSettings } from './bridge-settings';

const javaAuthorities = '/etc/ssl/certs/java/cacerts';
/** What Debian makes Java's authorities of, where there is no Java. */
const systemAuthorities = '/etc/ssl/certs/ca-certificates.crt';

/**
 * What Java trusts: the store that `JAVA_SYS_PROPS` names, else its authorities, which on Debian
 * are the system's. A store is PKCS #12, as keytool makes it; it is read with openssl.
 */
export function javaTrust(client: MucClientSettings, systemProperties: string): ServerTrust {
  if (!client.verifyCertificate) return { kind: 'anything' };
  const named = property(systemProperties, 'javax.net.ssl.trustStore');
  if (named !== undefined) {
    const password = property(systemProperties, 'javax.net.ssl.trustStorePassword') ?? 'changeit';
    return { kind: 'pinned', pem: readStore(named, password) };
  }
  if (existsSync(javaAuthorities)) {
    return { kind: 'pinned', pem: readStore(javaAuthorities, 'changeit') };
  }
  return { kind: 'pinned', pem: readFileSync(systemAuthorities, 'utf8') };
}

function property(systemProperties: string, name: string): string | undefined {
  const prefix = `-D${name}=`;
  const found = systemProperties.split(/\s+/).find((part) => part.startsWith(prefix));
  return found?.slice(prefix.length).replace(/^"(.*)"$/, '$1');
}

/** Certificates of a store as PEM; Java reads no others, so PEM itself is refused here too. */
function readStore(file: string, password: string): string {
  return execFileSync(
    'openssl',
    ['pkcs12', '-in', file, '-nokeys', '-passin', 'env:STORE_PASSWORD'],
    {
      encoding: 'utf8',
      env: { ...process.env, STORE_PASSWORD: password },
    },
  );
}
