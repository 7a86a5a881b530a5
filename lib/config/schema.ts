import { z } from 'zod';

import { breweryRoom } from '../../lambdas/core/protocol/xmpp-names';
import { policySchema } from '../../lambdas/core/model/policy';
import type { Parsed } from './parse-config';
import { retentionDays } from './retention-days';
import { holdsToken } from './token';

/**
 * The deployment's configuration: what the config file holds, and what `BridgeFleet` takes as props.
 * Every key carries the sentence that docs/configuration.md is generated from.
 */

/** Text of a given form. In props a value may still be a token that only CloudFormation resolves. */
const matching = (pattern: RegExp, mustBe: string) =>
  z.string().refine((value) => holdsToken(value) || pattern.test(value), {
    error: `must be ${mustBe}`,
  });
const awsId = (prefix: string) =>
  matching(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `an id like ${prefix}-0123456789abcdef0`);
const httpUrl = matching(/^https?:\/\/\S+$/, 'a URL that starts with https:// or http://');
/** Names each entry that a list has twice, at its place. */
const repeats =
  <T>(keyOf: (entry: T) => string) =>
  (context: z.core.ParsePayload<T[]>): void => {
    const keys = context.value.map(keyOf);
    for (const [index, key] of keys.entries())
      if (keys.indexOf(key) < index)
        context.issues.push({
          code: 'custom',
          input: key,
          path: [index],
          message: `${key} is in the list twice; leave one out`,
        });
  };
const text = z.string().min(1, { error: 'must not be empty' });

/** `10000/udp` or `10001-20000/udp`. */
const portRange = matching(
  /^\d{1,5}(-\d{1,5})?\/(udp|tcp)$/,
  'like 10000/udp or 10001-20000/udp',
).refine(
  (value) => {
    const [from = 0, to = from] = value.split('/')[0]?.split('-').map(Number) ?? [];
    return from >= 1 && from <= to && to <= 65535;
  },
  { error: 'must be ports from 1 to 65535, the lower one first' },
);

const serverSchema = z
  .strictObject({
    kind: z
      .enum(['packages', 'docker'], { error: 'must be packages or docker' })
      .default('packages')
      .describe(
        "What Jitsi Meet is there: Jitsi's Debian packages, or the containers of docker-jitsi-meet, started by Compose and run by Docker as root (`generation: muc` only). With `docker` leave out `domain` and `brewery`: the prepare document finds them.",
      ),
    composeProject: matching(
      /^[a-z0-9][a-z0-9_-]{0,127}$/,
      'the name of a compose project, like docker-jitsi-meet',
    )
      .optional()
      .describe(
        'Compose project whose Prosody the bridges are for, with `kind: docker` only. Needed only where several projects run on the server.',
      )
      .meta({ unset: 'the only one' }),
    instanceId: awsId('i').describe('EC2 instance that runs Prosody and Jicofo.'),
    privateAddress: matching(/^(\d{1,3}\.){3}\d{1,3}$/, 'an IPv4 address like 10.0.0.10').describe(
      'Its private IPv4 address; bridges and the collector reach Prosody there.',
    ),
    roleName: matching(/^[\w+=,.@-]{1,64}$/, 'the name of a role, without path or ARN').describe(
      'Name of the role of its instance profile; it is granted the parameters of this fleet.',
    ),
    securityGroupId: awsId('sg').describe(
      'Its security group; 5347 (`component`) or 5222 (`muc`) from the bridges and 5222 from the collector are opened in it.',
    ),
    componentInterface: z
      .enum(['private', 'public'], { error: 'must be private or public' })
      .default('private')
      .describe(
        "Where its Prosody listens for component bridges: on loopback and the private address, or on all IPv4 addresses, as Jitsi's tutorial has it. Component connections are plain text: `public` leaves only firewalls between them and the world. The stack opens 5347 to the bridges' security group only, either way; bridges use the private address. `public` is for `generation: component` only.",
      ),
  })
  .describe('Server A: the Jitsi Meet server that the bridges work for.');

const spotSchema = z.strictObject({
  onDemandBase: z
    .number()
    .int()
    .min(0)
    .default(1)
    .describe('Bridges that are always on demand, before the spot share counts.'),
  spotPercent: z
    .number()
    .min(0)
    .max(100)
    .default(0)
    .describe('Share of the bridges beyond the base that are spot instances, in percent.'),
});

const bridgeSchema = z.strictObject({
  imageId: matching(
    /^(ami-[0-9a-f]{8,17}|\/[\w./-]+)$/,
    'an image id like ami-0123456789abcdef0, or the name of a public parameter under /aws/service/',
  )
    .default('/aws/service/canonical/ubuntu/server/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id')
    .describe(
      'Image of the bridges: an id, or an SSM parameter that holds one. Debian or Ubuntu with the SSM agent on board and, in its archive, the AWS CLI and Java 8 or 11 (`component`) or 17 (`muc`); its architecture must fit the instance types.',
    ),
  rootDevice: matching(/^\/dev\/[a-z0-9]+$/, 'a device like /dev/sda1')
    .default('/dev/sda1')
    .describe('Root device of the image: /dev/sda1 on Ubuntu, /dev/xvda on Debian.'),
  instanceTypes: z
    .array(
      z.strictObject({
        type: matching(/^[a-z0-9-]+\.[a-z0-9-]+$/, 'an instance type like c6i.xlarge').describe(
          'EC2 instance type.',
        ),
        weight: z
          .number()
          .positive()
          .default(1)
          .describe('Capacity relative to the reference type, which has 1.'),
      }),
    )
    .min(1, { error: 'must name at least one instance type' })
    .check(repeats(({ type }) => type))
    .default([
      { type: 'c6i.xlarge', weight: 1 },
      { type: 'c5.xlarge', weight: 1 },
      { type: 'm6i.xlarge', weight: 1 },
    ])
    .describe('Types to launch, in order of preference; more of them find capacity more often.'),
  volumeGiB: z
    .number()
    .int()
    .min(8)
    .max(1024)
    .default(16)
    .describe('Size of the encrypted root volume, in GiB.'),
  spot: spotSchema.prefault({}).describe('How much of the fleet may be spot instances.'),
  mediaPorts: z
    .array(portRange)
    .min(1, { error: 'must name at least one port' })
    .default(['10000/udp'])
    .describe(
      'Ports open to the world for media. Add 10001-20000/udp for browsers that do not bundle.',
    ),
});

/** The last that is a component by default, and a current one; Jitsi's stable repository has had both. */
const testedVersions = { component: '1126-1', muc: '2.3-307-g4bb0aead1-1' } as const;

const packagesSchema = z.strictObject({
  url: httpUrl.default('https://download.jitsi.org').describe('Address of the apt repository.'),
  suite: text.default('stable/').describe('Its suite; a flat one ends in a slash.'),
  keyUrl: httpUrl
    .default('https://download.jitsi.org/jitsi-key.gpg.key')
    .describe('Where the public key that signs the repository is.'),
  keyFingerprint: matching(
    /^[0-9A-Fa-f]{40}$/,
    '40 hexadecimal digits without spaces, in quotes; see what the key has: curl -fsSL KEYURL | gpg --show-keys --with-fingerprint',
  ).describe(
    'Fingerprint of that key, in quotes; a bridge does not install from a repository with another. Jitsi publishes none, so there is no default: check with `curl -fsSL https://download.jitsi.org/jitsi-key.gpg.key | gpg --show-keys --with-fingerprint`. FFD65A0DA2BEBDEB73D44C8BB4D2D216F1FD7806 is what it was when last seen, in 2021.',
  ),
  version: matching(/^[0-9A-Za-z.+~-]+$/, 'a package version like 1126-1')
    .optional()
    .describe(
      'Version of the package that all bridges install: of jitsi-videobridge (`component`) or of jitsi-videobridge2 (`muc`).',
    )
    .meta({ unset: `${testedVersions.component} (component), ${testedVersions.muc} (muc)` }),
});

const collectorSchema = z.strictObject({
  windowSeconds: z
    .number()
    .int()
    .min(3)
    .max(30)
    .default(12)
    .describe('Longest time the collector listens each minute, in seconds.'),
  maxPacketRate: z
    .number()
    .positive()
    .default(50_800)
    .describe("Packets per second of a bridge at stress 1; Jicofo's own figure is 50800."),
});

const fleetShape = {
  fleet: matching(
    /^[a-z0-9][a-z0-9-]{0,31}$/,
    '1 to 32 small letters, digits and hyphens, not a hyphen first',
  ).describe(
    'Name of the fleet; part of the stack name, tags and parameter names. Renaming makes a new fleet.',
  ),
  domain: matching(
    /^(?=.{1,200}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/,
    'a domain in small letters, like meet.example.org',
  )
    .optional()
    .describe(
      'Domain of the Jitsi Meet server: the main VirtualHost of its Prosody. Required with `server.kind: packages`; with `docker` it is the XMPP_DOMAIN of the containers.',
    )
    .meta({ unset: 'found on the server (`docker`)' }),
  generation: z
    .enum(['component', 'muc'], { error: 'must be component or muc' })
    .describe(
      'How bridges log in: `component` (XEP-0114, Jicofo up to build 580) or `muc` (an account and a brewery room, as Jitsi is today). No default: the wrong one is invisible to Jicofo.',
    ),
  brewery: matching(
    /^[\w.-]{1,100}@[a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?$/i,
    'the address of a room, like JvbBrewery@internal.auth.meet.example.org',
  )
    .optional()
    .describe('Room that bridges report in and Jicofo reads, with `generation: muc` only.')
    .meta({
      unset: 'JvbBrewery@internal.auth.DOMAIN; found on the server with `server.kind: docker`',
    }),
  vpcId: awsId('vpc').describe('VPC of the Jitsi Meet server; bridges and collector live in it.'),
  vpcCidr: matching(/^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/, 'an IPv4 range like 10.0.0.0/16')
    .optional()
    .describe(
      'Address range of the VPC. Needed only with `egress: createEndpoints`, whose endpoints then serve every host of the VPC.',
    ),
  bridgeSubnetIds: z
    .array(awsId('subnet'))
    .min(1, { error: 'must name at least one subnet' })
    .check(repeats((subnetId) => subnetId))
    .describe(
      'Public subnets for the bridges, best several, each in an availability zone of its own: EC2 refuses every launch when two of them share one.',
    ),
  functionSubnetIds: z
    .array(awsId('subnet'))
    .min(1, { error: 'must name at least one subnet' })
    .check(repeats((subnetId) => subnetId))
    .describe(
      'Private subnets for the collector function, which talks to Prosody; with `egress: createEndpoints` each in an availability zone of its own.',
    ),
  egress: z
    .enum(['nat', 'existingEndpoints', 'createEndpoints'], {
      error: 'must be nat, existingEndpoints or createEndpoints',
    })
    .describe(
      'How the collector reaches SSM and CloudWatch from its subnets: a NAT gateway, endpoints that the VPC has, or endpoints made here. No default: private DNS of endpoints concerns the whole VPC.',
    ),
  server: serverSchema,
  bridge: bridgeSchema.prefault({}).describe('The bridges: image, size, market, ports.'),
  packages: packagesSchema.describe('Where bridges get their software.'),
  policy: policySchema.describe('How many bridges there are, and when that changes.'),
  collector: collectorSchema.prefault({}).describe("Reading the bridges' statistics."),
  teardown: z
    .strictObject({
      force: z
        .boolean()
        .default(false)
        .describe(
          'Whether `cdk destroy` ends running calls, and goes on when the Jitsi Meet server cannot be reached. Counts as it was last deployed: a stack whose deletion was refused cannot be deployed any more.',
        ),
    })
    .prefault({})
    .describe('What `cdk destroy` does to the bridges: it terminates them before the stack goes.'),
  reservedConcurrency: z
    .boolean()
    .default(true)
    .describe(
      'Reserve one execution each for scaler and registrar, so that only one runs at a time. Switch it off only where the quota of the account forbids reservations.',
    ),
  logRetentionDays: z
    .literal(retentionDays, {
      error:
        'must be a number of days that CloudWatch Logs offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731 or more years; 9999 is for ever',
    })
    .default(30)
    .describe('Days that the logs of the functions are kept.'),
  alarmTopicArn: matching(/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+$/, 'the ARN of an SNS topic')
    .optional()
    .describe('SNS topic that alarms are sent to; without it they only change their state.'),
};

/** A bridge of generation `muc` reports every 5 s: in a shorter window it may not be heard. */
const shortestMucWindowSeconds = 6;

interface FleetValues {
  readonly generation: 'component' | 'muc';
  readonly domain?: string | undefined;
  readonly brewery?: string | undefined;
  readonly egress: string;
  readonly server: {
    readonly kind: 'packages' | 'docker';
    readonly composeProject?: string | undefined;
    readonly componentInterface: string;
  };
  readonly vpcCidr?: string | undefined;
  readonly collector: { readonly windowSeconds: number };
  readonly packages: { readonly version?: string | undefined };
}

/** What several keys have to agree on. */
function checkTogether({ value, issues }: z.core.ParsePayload<FleetValues>): void {
  const refuse = (path: string[], message: string) =>
    issues.push({ code: 'custom', input: value, path, message });
  if (value.egress === 'createEndpoints' && value.vpcCidr === undefined)
    refuse(
      ['vpcCidr'],
      'is needed with egress: createEndpoints; give the address range of the VPC',
    );
  if (value.server.kind === 'docker' && value.generation === 'component')
    refuse(
      ['server', 'kind'],
      'docker is for generation: muc, since the containers publish no port for components',
    );
  if (value.server.kind === 'packages' && value.server.composeProject !== undefined)
    refuse(['server', 'composeProject'], 'is for server.kind: docker; leave it out with packages');
  if (value.generation === 'component' && value.brewery !== undefined)
    refuse(['brewery'], 'is for generation: muc; leave it out with component');
  if (value.generation === 'muc' && value.server.componentInterface === 'public')
    refuse(
      ['server', 'componentInterface'],
      'public is for generation: component; leave it out with muc, whose bridges are clients',
    );
  if (value.generation === 'muc' && value.collector.windowSeconds < shortestMucWindowSeconds)
    refuse(
      ['collector', 'windowSeconds'],
      `must be at least ${shortestMucWindowSeconds} with generation: muc, whose bridges report every 5 s`,
    );
  const { version } = value.packages;
  if (version !== undefined && !versionShapes[value.generation].test(version))
    refuse(
      ['packages', 'version'],
      `is none of generation: ${value.generation}; write one like ${testedVersions[value.generation]}, or leave it out`,
    );
}

/** Told together with the faults of other keys, as for any key that is missing. */
const domainIfPackages = z.refine<{ domain?: string | undefined; server?: { kind?: string } }>(
  ({ domain, server }) => domain !== undefined || server?.kind === 'docker',
  {
    path: ['domain'],
    error: 'is missing. Domain of the Jitsi Meet server: the main VirtualHost of its Prosody.',
    when: ({ value }) => typeof value === 'object' && value !== null,
  },
);

/** `jitsi-videobridge` counts builds; `jitsi-videobridge2` has versions 2.x. */
const versionShapes = { component: /^\d+-\d+$/, muc: /^2\./ } as const;

/** Fills in what follows from other keys. Stable: props that were parsed before are parsed again. */
function withDerived<Values extends FleetValues>(values: Values) {
  return {
    ...values,
    packages: {
      ...values.packages,
      version: values.packages.version ?? testedVersions[values.generation],
    } as Values['packages'] & { readonly version: string },
  };
}

/** Props of `BridgeFleet`. */
export const fleetSchema = z
  .strictObject(fleetShape)
  .check(domainIfPackages, checkTogether)
  .transform(withDerived);

/** The config file: the props of `BridgeFleet`, and where the stack goes. */
export const deploymentSchema = z
  .strictObject({
    ...fleetShape,
    region: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region like eu-central-1')
      .optional()
      .describe('AWS region that the stack is deployed to.')
      .meta({ unset: 'that of the profile in use' }),
    account: matching(/^\d{12}$/, 'an account id: 12 digits, in quotes')
      .optional()
      .describe('AWS account that the stack is deployed to.')
      .meta({ unset: 'that of the profile in use' }),
  })
  .check(domainIfPackages, checkTogether)
  .transform(withDerived);

/** The props of `BridgeFleet` with every default filled in. */
export type FleetConfig = Parsed<z.output<typeof fleetSchema>>;
/** A config file with every default filled in. */
export type DeploymentConfig = Parsed<z.output<typeof deploymentSchema>>;

/** The room that bridges of generation `muc` report in; undefined where it is found on the server. */
export function breweryOf({
  brewery,
  domain,
  server,
}: Pick<FleetConfig, 'brewery' | 'domain' | 'server'>): string | undefined {
  if (server.kind === 'docker' || domain === undefined) return brewery;
  return brewery ?? breweryRoom(domain);
}
