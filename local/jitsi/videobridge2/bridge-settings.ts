import { hoconAt, HoconError, isObject, type HoconObject, type HoconValue } from '../hocon';

/** One XMPP account of the bridge and the rooms it reports in (jicoco's MucClientConfiguration). */
export interface MucClientSettings {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly domain: string;
  readonly username: string;
  readonly password: string;
  readonly rooms: readonly string[];
  readonly nickname: string;
  readonly verifyCertificate: boolean;
}

/** What the bridge takes from `jvb.conf`; defaults are those of its reference.conf (2.3-312). */
export interface BridgeSettings {
  readonly clients: readonly MucClientSettings[];
  readonly presenceSeconds: number;
  readonly rest: {
    readonly host: string;
    readonly port: number;
    readonly health: boolean;
    readonly drain: boolean;
    readonly statistics: boolean;
    readonly shutdown: boolean;
  };
  /** Whether an address is known that guests can reach, or none is asked for. */
  readonly hasValidAddress: boolean;
  readonly startsDraining: boolean;
  readonly gracefulShutdownMaxSeconds: number;
  readonly gracefulShutdownMinParticipants: number;
  readonly shuttingDownSeconds: number;
  /** An endpoint or a conference without media for so long is over; looked for as often. */
  readonly expireSeconds: number;
  readonly averageParticipantStress: number;
  /** Sent when set. */
  readonly region: string | undefined;
  readonly relayId: string | undefined;
}

/** Throws {@link HoconError} and names the path of a value that is not what it has to be. */
export function bridgeSettings(root: HoconObject): BridgeSettings {
  const read = new Reader(root);
  const colibri = read.flag('videobridge.apis.rest.enabled', false);
  const presence = 'videobridge.apis.xmpp-client.presence-interval';
  const relay = read.flag('videobridge.relay.enabled', false);
  return {
    clients: clientsOf(root),
    presenceSeconds: read.seconds(presence, read.seconds('videobridge.stats.interval', 5)),
    rest: {
      host: read.text('videobridge.http-servers.private.host') ?? '127.0.0.1',
      port: read.number('videobridge.http-servers.private.port', 8080),
      health: read.flag('videobridge.rest.health.enabled', true),
      drain: read.flag('videobridge.rest.drain.enabled', true),
      statistics: colibri,
      shutdown: colibri && read.flag('videobridge.rest.shutdown.enabled', false),
    },
    hasValidAddress:
      !read.flag('videobridge.health.require-valid-address', true) || mapsPublicAddress(root),
    startsDraining: read.flag('videobridge.initial-drain-mode', false),
    gracefulShutdownMaxSeconds: read.seconds(
      'videobridge.shutdown.graceful-shutdown-max-duration',
      86_400,
    ),
    gracefulShutdownMinParticipants: read.number(
      'videobridge.shutdown.graceful-shutdown-min-participants',
      0,
    ),
    shuttingDownSeconds: read.seconds('videobridge.shutdown.shutting-down-delay', 60),
    expireSeconds: read.seconds('videobridge.entity-expiration.timeout', 60),
    averageParticipantStress: read.number(
      'videobridge.load-management.average-participant-stress',
      0.01,
    ),
    region: read.text('videobridge.relay.region'),
    relayId: relay ? read.text('videobridge.relay.relay-id') : undefined,
  };
}

/**
 * Accounts that are complete; the others are passed over, as the real one does. Keys count in any
 * case.
 */
function clientsOf(root: HoconObject): readonly MucClientSettings[] {
  const configs = hoconAt(root, ['videobridge', 'apis', 'xmpp-client', 'configs']);
  if (!isObject(configs)) return [];
  return Object.entries(configs).flatMap(([id, config]) => {
    if (!isObject(config)) return [];
    const given = new Map(
      Object.entries(config).flatMap(([key, value]) =>
        typeof value === 'string' ? [[key.toLowerCase(), value]] : [],
      ),
    );
    const required = ['hostname', 'username', 'password', 'muc_jids', 'muc_nickname'];
    if (required.some((key) => (given.get(key) ?? '') === '')) return [];
    const text = (key: string) => given.get(key) ?? '';
    return {
      id,
      host: text('hostname'),
      port: Number(given.get('port') ?? 5222),
      domain: given.get('domain') ?? text('hostname'),
      username: text('username'),
      password: text('password'),
      rooms: text('muc_jids')
        .split(',')
        .map((room) => room.trim()),
      nickname: text('muc_nickname'),
      verifyCertificate: text('disable_certificate_verification').toLowerCase() !== 'true',
    };
  });
}

/**
 * Whether some mapping gives an address that is not private. A STUN server is taken for one that
 * answers with such: there is none in the embedded cloud.
 */
function mapsPublicAddress(root: HoconObject): boolean {
  const mapping = ['ice4j', 'harvest', 'mapping'];
  const stun = hoconAt(root, [...mapping, 'stun', 'addresses']);
  if (Array.isArray(stun) && stun.length > 0) return true;
  const mappings = hoconAt(root, [...mapping, 'static-mappings']);
  if (!Array.isArray(mappings)) return false;
  return mappings.some((one: HoconValue) => {
    const address = isObject(one) ? one['public-address'] : undefined;
    return typeof address === 'string' && !isPrivate(address);
  });
}

function isPrivate(address: string): boolean {
  return /^(10|127|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(address);
}

const secondsOfUnit: Readonly<Record<string, number>> = {
  '': 0.001,
  ms: 0.001,
  millis: 0.001,
  milliseconds: 0.001,
  s: 1,
  second: 1,
  seconds: 1,
  m: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hour: 3600,
  hours: 3600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
};

/** Values at dotted paths. */
class Reader {
  constructor(private readonly root: HoconObject) {}

  text(path: string): string | undefined {
    const value = hoconAt(this.root, path.split('.'));
    if (value === undefined || typeof value === 'string') return value;
    throw new HoconError(`${path} is not a single value`);
  }

  flag(path: string, fallback: boolean): boolean {
    const text = this.text(path);
    if (text === undefined) return fallback;
    if (/^(true|yes|on)$/.test(text)) return true;
    if (/^(false|no|off)$/.test(text)) return false;
    throw new HoconError(`${path} is not a boolean: ${text}`);
  }

  number(path: string, fallback: number): number {
    const text = this.text(path);
    const value = text === undefined ? fallback : Number(text);
    if (!Number.isFinite(value)) throw new HoconError(`${path} is not a number: ${text ?? ''}`);
    return value;
  }

  seconds(path: string, fallback: number): number {
    const text = this.text(path);
    if (text === undefined) return fallback;
    const match = /^([\d.]+)\s*([a-z]*)$/.exec(text);
    const unit = secondsOfUnit[match?.[2] ?? 'none'];
    if (unit === undefined) throw new HoconError(`${path} is not a duration: ${text}`);
    return Number(match?.[1]) * unit;
  }
}
