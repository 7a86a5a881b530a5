/** Environment variables of the functions. Values are strings; JSON where said. */
export const environment = {
  /** All functions. */
  fleet: 'FLEET',
  /** Scaler, reader, registrar and teardown: JSON of the `Origin` of the fleet's instances. */
  origin: 'ORIGIN',
  /** Collector; absent where it is found on the server (`server.kind: docker`). */
  domain: 'DOMAIN',
  /** Collector, scaler and reader. */
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
  /** Scaler and reader: JSON of the policy. */
  policy: 'POLICY',
  /** Scaler and reader: JSON of the launch settings. */
  launch: 'LAUNCH',
  /** Scaler and teardown: name of the registrar function. */
  registrarFunction: 'REGISTRAR_FUNCTION',
  /** Scaler and teardown: name of the document that runs a {@link BridgeAction} on a bridge. */
  bridgeDocument: 'BRIDGE_DOCUMENT',
  /** Teardown and filter: name of the scaler function. */
  scalerFunction: 'SCALER_FUNCTION',
  /** Registrar: instance id of Server A, and the name of its sync document. */
  serverInstanceId: 'SERVER_INSTANCE_ID',
  syncDocument: 'SYNC_DOCUMENT',
} as const;

/**
 * Environment of the shell scripts under `userdata/`; the constructs write it in front of each
 * script. Beside these, a script honours `AWS_ENDPOINT_URL`, as the AWS CLI does.
 */
export const shellEnvironment = {
  fleet: 'BRIDGES_FLEET',
  /** Empty, as `brewery` is, where the script has to find it out: `docker`. */
  domain: 'BRIDGES_DOMAIN',
  /** Server A: `packages` or `docker`. */
  serverKind: 'BRIDGES_SERVER_KIND',
  /** Server A, `docker`: the compose project; empty: the only one. */
  composeProject: 'BRIDGES_COMPOSE_PROJECT',
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
  /**
   * Server A, generation `component`: `private` or `public`, the addresses where Prosody listens
   * for components.
   */
  componentInterface: 'BRIDGES_COMPONENT_INTERFACE',
  /** Bridges: {@link hostMetricNamespace}. */
  hostNamespace: 'BRIDGES_HOST_NAMESPACE',
  /**
   * Bridges: apt source (`deb [signed-by=…] <url> <suite>`), its key and the key's fingerprint,
   * the version to pin.
   */
  packageUrl: 'BRIDGES_PACKAGE_URL',
  packageSuite: 'BRIDGES_PACKAGE_SUITE',
  packageKeyUrl: 'BRIDGES_PACKAGE_KEY_URL',
  packageKeyFingerprint: 'BRIDGES_PACKAGE_KEY_FINGERPRINT',
  packageVersion: 'BRIDGES_PACKAGE_VERSION',
} as const;
