/** What `jvb.sh` hands to the bridge, names and defaults as in Main.java of build 1126. */
export interface LaunchArguments {
  /** TCP host of the XMPP server. */
  readonly host: string;
  readonly port: number;
  readonly domain: string;
  readonly subdomain: string;
  readonly secret: string;
  readonly apis: readonly string[];
}

/**
 * Reads `--name=value` and `--name value`; what is unknown is passed over, as the real one does.
 * Throws when there is no `--domain`: without one a component has no address.
 */
export function parseLaunchArguments(argv: readonly string[]): LaunchArguments {
  const given = new Map<string, string>();
  argv.forEach((argument, index) => {
    const match = /^--([a-z-]+)(?:=(.*))?$/.exec(argument);
    if (match?.[1] === undefined) return;
    const following = argv[index + 1];
    const separate = following?.startsWith('--') === false ? following : '';
    given.set(match[1], match[2] ?? separate);
  });
  const domain = given.get('domain') ?? '';
  if (domain === '') throw new Error('--domain is missing');
  return {
    host: nonEmpty(given.get('host')) ?? domain,
    port: Number(nonEmpty(given.get('port')) ?? 5275),
    domain,
    subdomain: nonEmpty(given.get('subdomain')) ?? 'jitsi-videobridge',
    secret: given.get('secret') ?? '',
    apis: (given.get('apis') ?? 'xmpp').split(',').filter((api) => api !== ''),
  };
}

/**
 * `--config-dir`, else the two SC_HOME_DIR system properties of JAVA_SYS_PROPS, else where
 * Debian's package puts it.
 */
export function configDirectory(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const option = argv.find((argument) => argument.startsWith('--config-dir='));
  if (option !== undefined) return option.slice('--config-dir='.length);
  const property = (name: string) =>
    new RegExp(`-Dnet\\.java\\.sip\\.communicator\\.SC_HOME_DIR_${name}=(\\S+)`).exec(
      environment['JAVA_SYS_PROPS'] ?? '',
    )?.[1];
  return `${property('LOCATION') ?? '/etc/jitsi'}/${property('NAME') ?? 'videobridge'}`;
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
