import { numberProperty } from '../java-properties';

/** What the focus takes from its configuration. */
export interface JicofoSettings {
  readonly host: string;
  readonly authDomain: string;
  readonly authUser: string;
  readonly authPassword: string;
  /**
   * `jicofo.xmpp.client.disable-certificate-verification`, which containers set; builds up to 580
   * have no such key.
   */
  readonly verifyCertificate: boolean;
  readonly bridges: BridgeSource;
  readonly retryMilliseconds: number;
  readonly maxReportAgeMilliseconds: number;
  readonly healthCheckMilliseconds: number;
  /** `local.jicofo.XMPP_PORT`, ours: Jitsi's own is always 5222. */
  readonly port: number;
  /**
   * `local.jicofo.CONTROL_HOST` and `…_PORT`, ours: where the HTTP control of this stand-in
   * listens.
   */
  readonly controlHost: string;
  readonly controlPort: number;
}

/** Where reports of bridges come from: the node of v1 bridges, the room of today's, or nowhere. */
export type BridgeSource =
  | { readonly kind: 'pubsub'; readonly address: string; readonly node: string }
  | { readonly kind: 'brewery'; readonly room: string }
  | { readonly kind: 'none' };

const argumentNames = {
  host: 'JICOFO_HOST',
  domain: 'JICOFO_HOSTNAME',
  user_domain: 'JICOFO_AUTH_DOMAIN',
  user_name: 'JICOFO_AUTH_USER',
  user_password: 'JICOFO_AUTH_PASSWORD',
} as const;

/**
 * Settings of builds up to 580. Arguments (`--user_password=…`, as `jicofo.sh` is called) win over
 * the `KEY=value` lines of `/etc/jitsi/jicofo/config`. Throws and names the key when there is
 * neither.
 */
export function jicofoSettings(
  argv: readonly string[],
  config: ReadonlyMap<string, string>,
  properties: ReadonlyMap<string, string>,
): JicofoSettings {
  const given = new Map(
    [...config].map(([key, value]) => [key, value.replace(/^(["'])(.*)\1$/, '$2')]),
  );
  for (const [option, key] of Object.entries(argumentNames)) {
    const prefix = `--${option}=`;
    const argument = argv.find((text) => text.startsWith(prefix))?.slice(prefix.length);
    if (argument !== undefined && argument !== '') given.set(key, argument);
  }
  const required = (key: string) => {
    const value = given.get(key) ?? '';
    if (value === '') throw new Error(`${key} is not set`);
    return value;
  };
  const number = (key: string, fallback: number) => numberProperty(properties, key, fallback);
  const domain = required('JICOFO_HOSTNAME');
  return {
    host: given.get('JICOFO_HOST') ?? 'localhost',
    authDomain: given.get('JICOFO_AUTH_DOMAIN') ?? `auth.${domain}`,
    authUser: given.get('JICOFO_AUTH_USER') ?? 'focus',
    authPassword: required('JICOFO_AUTH_PASSWORD'),
    verifyCertificate: true,
    bridges: pubsubSource(properties),
    retryMilliseconds: number('org.jitsi.focus.pubsub.RETRY_INTERVAL', 15_000),
    maxReportAgeMilliseconds: number('org.jitsi.jicofo.MAX_STATS_REPORT_AGE', 15_000),
    healthCheckMilliseconds: number('org.jitsi.jicofo.HEALTH_CHECK_INTERVAL', 10_000),
    port: number('local.jicofo.XMPP_PORT', 5222),
    controlHost: properties.get('local.jicofo.CONTROL_HOST') ?? '0.0.0.0',
    controlPort: number('local.jicofo.CONTROL_PORT', 8888),
  };
}

/**
 * Only `org.jitsi.jicofo.STATS_PUBSUB_NODE` is read by Jicofo; the tutorial's
 * org.jitsi.focus.STATS_PUBSUB_NODE is not.
 */
function pubsubSource(properties: ReadonlyMap<string, string>): BridgeSource {
  const address = properties.get('org.jitsi.focus.pubsub.ADDRESS');
  const node = properties.get('org.jitsi.jicofo.STATS_PUBSUB_NODE');
  if (address === undefined || node === undefined) return { kind: 'none' };
  return { kind: 'pubsub', address, node };
}
