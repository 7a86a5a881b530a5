import { hoconAt, type HoconObject } from '../hocon';
import type { JicofoSettings } from './jicofo-settings';

/**
 * Settings of today's Jicofo, from `jicofo.conf`: `jicofo.xmpp.client` and
 * `jicofo.bridge.brewery-jid`. Throws and names the key when there is no domain or password.
 */
export function settingsOfConf(root: HoconObject): JicofoSettings {
  const text = (...path: string[]) => {
    const value = hoconAt(root, ['jicofo', ...path]);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const required = (...path: string[]) => {
    const value = text(...path);
    if (value === undefined) throw new Error(`jicofo.${path.join('.')} is not set`);
    return value;
  };
  const room = text('bridge', 'brewery-jid');
  return {
    host: text('xmpp', 'client', 'hostname') ?? 'localhost',
    port: Number(text('xmpp', 'client', 'port') ?? 5222),
    authDomain: required('xmpp', 'client', 'domain'),
    authUser: text('xmpp', 'client', 'username') ?? 'focus',
    authPassword: required('xmpp', 'client', 'password'),
    verifyCertificate: text('xmpp', 'client', 'disable-certificate-verification') !== 'true',
    bridges: room === undefined ? { kind: 'none' } : { kind: 'brewery', room },
    retryMilliseconds: 15_000,
    maxReportAgeMilliseconds: 15_000,
    healthCheckMilliseconds: 10_000,
    controlHost: '0.0.0.0',
    controlPort: 8888,
  };
}
