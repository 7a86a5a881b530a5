/**
 * Everything that two programs of the system must agree on, defined once: constructs, handlers, the
 * command line, the embedded cloud and the tests import it; shell scripts get it as environment that
 * is generated from here.
 */

/** The EC2 tags that make EC2 the database of bridges. No key has a space or a slash: IMDS would refuse the launch. */
export const tagKeys = {
  /** Fleet that owns the instance. */
  fleet: 'bridges:fleet',
  /** Launch token: which launch request of the scaler's memory made it. */
  launch: 'bridges:launch',
  /** `<ISO time> <digest>`: registered on Prosody; the only tag that the registrar writes. */
  registered: 'bridges:registered',
  /** `<ISO time> <reason>`: draining since, and why. */
  drain: 'bridges:drain',
  /** ISO time of the first of two looks at something that may be an orphan. */
  suspect: 'bridges:suspect',
  /** ISO time until which the bridge is neither drained nor retired. */
  protect: 'bridges:protect',
  /** Capacity relative to the fleet's reference instance type; `1` is one reference bridge. */
  weight: 'bridges:weight',
  /** Fleet that a machine makes an image for. It has no `fleet` tag, since it is no bridge. */
  bake: 'bridges:bake',
  /** Of an image, and of the machine that it is made of: by what recipe, see `baked-image.ts`. */
  image: 'bridges:image',
  name: 'Name',
} as const;

/** CloudWatch namespace of all metrics. */
export const metricNamespace = 'JitsiBridges';

/**
 * CloudWatch namespace of what bridges measure of themselves. Their role may write to it and to no other:
 * what a stolen bridge says there misleads a chart, never the scaler. Only `userdata/bridge` writes there, and nothing reads it:
 * `BootSeconds` by `Fleet,Stage` (seconds; `total` is the whole boot), `WatchdogRestarts` by `Fleet` (1 for each restart).
 */
export const hostMetricNamespace = 'JitsiBridges/Hosts';

/** CloudWatch metrics by `Fleet,Bridge`, from the collector. `Bridge` is the bridge's name, `jvb-0abc…`. */
export const bridgeMetrics = {
  /** Load ÷ capacity; 1 = full, may exceed 1. */
  stress: 'Stress',
  participants: 'Participants',
  conferences: 'Conferences',
  /** 1, and only while the bridge says that it is in graceful shutdown or drain. */
  draining: 'Draining',
} as const;

/** CloudWatch metrics by `Fleet`. */
export const fleetMetrics = {
  /** From the collector: bridges of ours that reported in the window. */
  bridgesReporting: 'BridgesReporting',
  /** From the collector: reports refused (unknown sender, not a number, negative, stale). */
  rejectedReports: 'RejectedReports',
  /** From the scaler: Σ stress × weight, in reference bridges. */
  load: 'Load',
  /** From the scaler: the load that it expected ten minutes earlier, at the time that it is for. */
  loadForecast: 'LoadForecast',
  participants: 'Participants',
  stressMax: 'StressMax',
  bridgesBooting: 'BridgesBooting',
  bridgesActive: 'BridgesActive',
  bridgesDraining: 'BridgesDraining',
  bridgesWanted: 'BridgesWanted',
  launchFailures: 'LaunchFailures',
  /** From the scaler: boots that failed in a row, 0 again with the first that did not. */
  bootFailures: 'BootFailures',
  dataAgeSeconds: 'DataAgeSeconds',
  tickSeconds: 'TickSeconds',
} as const;

/** CloudWatch dimension names. */
export const dimensions = { fleet: 'Fleet', bridge: 'Bridge' } as const;

/** SSM parameter names of one fleet. Nothing outside this path is read or written. */
export interface ParameterNames {
  /** `/jitsi-bridges/<fleet>`, the path that grants are limited to. */
  readonly root: string;
  /** Path below which each live bridge has its secret. */
  readonly bridges: string;
  /** SecureString: the collector's XMPP password. */
  readonly collectorPassword: string;
  /** JSON `{"fingerprint","pem"}` of the leaf certificate that clients of `auth.<domain>` pin. */
  readonly serverCertificate: string;
  /** What one tick tells the next, JSON of at most 4 KB. */
  readonly memory: string;
  /** Operator's commands in force, JSON. */
  readonly override: string;
  /** Prebaked image to launch from, JSON; absent until one is made. */
  readonly image: string;
}

export function parameterNames(fleet: string): ParameterNames {
  const root = `/jitsi-bridges/${fleet}`;
  return {
    root,
    bridges: `${root}/bridges`,
    collectorPassword: `${root}/collector/password`,
    serverCertificate: `${root}/server/certificate`,
    memory: `${root}/memory`,
    override: `${root}/override`,
    image: `${root}/image`,
  };
}

/** SecureString with the XMPP secret of the bridge on one instance; tagged {@link secretOwnerTag} = the instance's ARN. */
export function bridgeSecretName(fleet: string, instanceId: string): string {
  return `${parameterNames(fleet).bridges}/${instanceId}/secret`;
}

/** Key of the parameter tag that binds a secret to its instance: a bridge's role may read only what carries its own ARN. */
export const secretOwnerTag = 'bridges:instance';

/** Instance id out of a secret's parameter name, or undefined for a foreign name. */
export function instanceIdOfSecret(fleet: string, parameterName: string): string | undefined {
  const prefix = `${parameterNames(fleet).bridges}/`;
  if (!parameterName.startsWith(prefix)) return undefined;
  return /^(i-[0-9a-f]{8,17})\/secret$/.exec(parameterName.slice(prefix.length))?.[1];
}

/** Name of the bridge on an instance: `i-0abc…` → `jvb-0abc…`. Total and reversible. */
export function bridgeName(instanceId: string): string {
  return instanceId.replace(/^i-/, 'jvb-');
}

/** Instance id of a bridge's name, or undefined when the name is not one of ours. */
export function instanceIdOfBridge(name: string): string | undefined {
  const hex = /^jvb-([0-9a-f]{8,17})$/.exec(name)?.[1];
  return hex === undefined ? undefined : `i-${hex}`;
}

/** XMPP address of a bridge that is an XEP-0114 component: `jvb-0abc….<domain>`. */
export function componentJid(instanceId: string, domain: string): string {
  return `${bridgeName(instanceId)}.${domain}`;
}

/** XMPP account of a bridge that logs in as a client: `jvb-0abc…@auth.<domain>`. */
export function bridgeAccount(instanceId: string, domain: string): string {
  return `${bridgeName(instanceId)}@${authHost(domain)}`;
}

/**
 * Room in which bridges with accounts report by presence, as Jitsi's packages have it. Prosody
 * lower-cases it on the wire, so addresses of it are compared without regard to case.
 */
export function breweryRoom(domain: string): string {
  return `JvbBrewery@internal.${authHost(domain)}`;
}

/** XMPP host of the accounts: `auth.<domain>`, as Jitsi's packages name it. */
export function authHost(domain: string): string {
  return `auth.${domain}`;
}

/** Local part of the collector's XMPP account on {@link authHost}. */
export const collectorUser = 'bridges-collector';

/** PubSub node that v1 bridges publish to and Jicofo reads. */
export const statsNode = 'sharedStatsNode';

/**
 * What the bridge document's `action` parameter may be; nothing else reaches a bridge's shell. `renew`
 * fetches the bridge's secret again and restarts it with that; with participants it is refused.
 */
export const bridgeActions = [
  'status',
  'drain',
  'undrain',
  'shutdown',
  'recycle',
  'restart',
  'renew',
] as const;
export type BridgeAction = (typeof bridgeActions)[number];

/** What the sync document's `action` parameter may be. */
export const syncActions = ['sync', 'check'] as const;
export type SyncAction = (typeof syncActions)[number];

/**
 * Digest over the credentials that Server A should hold: SHA-256 over the sorted lines
 * `<instance id>:<parameter version>\n`, first 16 hex digits. Made from versions, so that it tells a
 * rotated secret from the old one and nothing about either. The hash itself is the caller's: core has no crypto.
 */
export function digestInput(secrets: readonly { instanceId: string; version: number }[]): string {
  return secrets
    .map(({ instanceId, version }) => `${instanceId}:${version}\n`)
    .sort()
    .join('');
}

/** Environment variables of the functions. Values are strings; JSON where said. */
export const environment = {
  /** All functions. */
  fleet: 'FLEET',
  /** Collector, scaler and registrar. */
  domain: 'DOMAIN',
  generation: 'GENERATION',
  /** Collector: the {@link breweryRoom} of generation `muc`; unused by `component`. */
  brewery: 'BREWERY',
  /** Collector: where Prosody listens for clients (private address), and its port. */
  xmppHost: 'XMPP_HOST',
  xmppPort: 'XMPP_PORT',
  /** Collector: longest time it listens, in seconds. */
  windowSeconds: 'WINDOW_SECONDS',
  /** Collector: packets per second of a bridge at stress 1. */
  maxPacketRate: 'MAX_PACKET_RATE',
  /** Scaler: JSON of the policy. */
  policy: 'POLICY',
  /** Scaler: JSON of the launch settings. */
  launch: 'LAUNCH',
  /** Scaler and teardown: name of the registrar function. */
  registrarFunction: 'REGISTRAR_FUNCTION',
  /** Scaler and teardown: name of the document that runs a {@link BridgeAction} on a bridge. */
  bridgeDocument: 'BRIDGE_DOCUMENT',
  /** Teardown: name of the scaler function. */
  scalerFunction: 'SCALER_FUNCTION',
  /** Registrar: instance id of Server A, and the name of its sync document. */
  serverInstanceId: 'SERVER_INSTANCE_ID',
  syncDocument: 'SYNC_DOCUMENT',
} as const;

/**
 * Environment of the shell scripts under `userdata/`; the constructs write it in front of each script.
 * Beside these, a script honours `AWS_ENDPOINT_URL`, as the AWS CLI does.
 */
export const shellEnvironment = {
  fleet: 'BRIDGES_FLEET',
  domain: 'BRIDGES_DOMAIN',
  generation: 'BRIDGES_GENERATION',
  region: 'BRIDGES_REGION',
  /** {@link ParameterNames.root}. */
  parameters: 'BRIDGES_PARAMETERS',
  statsNode: 'BRIDGES_STATS_NODE',
  /** {@link breweryRoom} of generation `muc`. */
  brewery: 'BRIDGES_BREWERY',
  collectorUser: 'BRIDGES_COLLECTOR_USER',
  /** Private address of Server A, where Prosody listens for components and clients. */
  serverAddress: 'BRIDGES_SERVER_ADDRESS',
  /** Server A, generation `component`: `private` or `public`, the addresses where Prosody listens for components. */
  componentInterface: 'BRIDGES_COMPONENT_INTERFACE',
  /** Bridges: {@link hostMetricNamespace}. */
  hostNamespace: 'BRIDGES_HOST_NAMESPACE',
  /** Bridges: apt source (`deb [signed-by=…] <url> <suite>`), its key and the key's fingerprint, the version to pin. */
  packageUrl: 'BRIDGES_PACKAGE_URL',
  packageSuite: 'BRIDGES_PACKAGE_SUITE',
  packageKeyUrl: 'BRIDGES_PACKAGE_KEY_URL',
  packageKeyFingerprint: 'BRIDGES_PACKAGE_KEY_FINGERPRINT',
  packageVersion: 'BRIDGES_PACKAGE_VERSION',
} as const;
