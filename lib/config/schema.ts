import { z } from 'zod';

import { breweryRoom } from '../../lambdas/core/protocol/xmpp-names';
import { policySchema } from '../../lambdas/core/model/policy';
import { instanceTypeFaults } from './instance-types';
import type { Parsed } from './parse-config';
import { oneMonth, retentionDays } from './retention-days';
import { tagsSchema } from './tags';
import { holdsToken } from './token';

/**
 * The deployment's configuration: what the config file holds, and what `BridgeFleet` takes as
 * props. Every key carries the sentence that docs/configuration.md is generated from.
 */

/** Text of a given form. In props a value may be a token that only CloudFormation resolves. */
const matching = (pattern: RegExp, mustBe: string) =>
  z.string().refine((value) => holdsToken(value) || pattern.test(value), {
    error: `must be ${mustBe}`,
  });
const awsId = (prefix: string) =>
  matching(
    new RegExp(`^${prefix}-[0-9a-f]{8,17}$`),
    `an id, for example ${prefix}-0123456789abcdef0`,
  );
const httpUrl = matching(/^https?:\/\/\S+$/, 'a URL that starts with https:// or http://');
/** Reports each entry that a list has twice, at its index. */
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
          message: `${key} is listed twice; remove one`,
        });
  };
const ipv4Range = matching(
  /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/,
  'an IPv4 range, for example 10.0.0.0/16',
);
const text = z.string().min(1, { error: 'must not be empty' });

/** `10000/udp` or `10001-20000/udp`. */
const portRange = matching(
  /^\d{1,5}(-\d{1,5})?\/(udp|tcp)$/,
  'a port or range, for example 10000/udp or 10001-20000/udp',
).refine(
  (value) => {
    const [from = 0, to = from] = value.split('/')[0]?.split('-').map(Number) ?? [];
    return from >= 1 && from <= to && to <= 65535;
  },
  { error: 'must be ports from 1 to 65535, the lower port first' },
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
      'the name of a compose project, for example docker-jitsi-meet',
    )
      .optional()
      .describe(
        'Compose project whose Prosody the bridges are for, with `kind: docker` only. Needed only where several projects run on the server.',
      )
      .meta({ unset: 'the only one' }),
    instanceId: awsId('i').describe('EC2 instance that runs Prosody and Jicofo.'),
    privateAddress: matching(
      /^(\d{1,3}\.){3}\d{1,3}$/,
      'an IPv4 address, for example 10.0.0.10',
    ).describe('Its private IPv4 address, where bridges and the collector reach Prosody.'),
    roleName: matching(/^[\w+=,.@-]{1,64}$/, 'the name of a role, without path and ARN').describe(
      'Name of the role of its instance profile. The stack grants it the parameters of this fleet.',
    ),
    securityGroupId: awsId('sg').describe(
      'Its security group. The stack opens port 5222 to the collector, and 5222 (`muc`) or 5347 (`component`) to the bridges.',
    ),
    componentInterface: z
      .enum(['private', 'public'], { error: 'must be private or public' })
      .default('private')
      .describe(
        "Where Prosody listens for component bridges: `private` is loopback and the private address, `public` is all IPv4 addresses, as in the Jitsi tutorial. Component connections are plain text, so with `public` only firewalls protect them. In both cases the stack opens 5347 to the bridges' security group only, and bridges use the private address. `public` is for `generation: component` only.",
      ),
  })
  .describe('Server A: the Jitsi Meet server that the bridges serve.');

const spotSchema = z.strictObject({
  onDemandBase: z
    .number()
    .int()
    .min(0)
    .default(1)
    .describe('Bridges that are always on-demand; the spot share applies to the others.'),
  spotPercent: z
    .number()
    .min(0)
    .max(100)
    .default(0)
    .describe('Percentage of the bridges beyond `onDemandBase` that are spot instances.'),
  fallback: z
    .enum(['onDemand', 'never'], { error: 'must be onDemand or never' })
    .default('onDemand')
    .describe(
      'What the scaler launches when EC2 gives fewer spot instances than requested: `onDemand` launches on-demand instances and tries spot again after ten minutes, `never` launches nothing.',
    ),
});

const bridgeSchema = z.strictObject({
  imageId: matching(
    /^(ami-[0-9a-f]{8,17}|\/[\w./-]+)$/,
    'an image id, for example ami-0123456789abcdef0, or the name of a public parameter under /aws/service/',
  )
    .default('/aws/service/canonical/ubuntu/server/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id')
    .describe(
      'Machine image of the bridges: an image id, or a public SSM parameter that holds one. It must be Debian or Ubuntu; an SSM agent that it lacks, as images of Debian do, is installed at boot. Its package sources must have the AWS CLI and Java 17 (`muc`) or Java 8 or 11 (`component`). Its architecture must match the instance types; where the name of the parameter tells it (`amd64`, `arm64`), that is checked.',
    ),
  rootDevice: matching(/^\/dev\/[a-z0-9]+$/, 'a device, for example /dev/sda1')
    .default('/dev/sda1')
    .describe('Root device of the image: `/dev/sda1` on Ubuntu, `/dev/xvda` on Debian.'),
  instanceTypes: z
    .array(
      z.strictObject({
        type: matching(
          /^[a-z0-9-]+\.[a-z0-9-]+$/,
          'an instance type, for example c6i.xlarge',
        ).describe('EC2 instance type.'),
        weight: z
          .number()
          .positive()
          .default(1)
          .describe('Capacity relative to the reference type, whose weight is 1.'),
      }),
    )
    .min(1, { error: 'must name at least one instance type' })
    .check(repeats(({ type }) => type))
    .default([
      { type: 'c6i.xlarge', weight: 1 },
      { type: 'c5.xlarge', weight: 1 },
      { type: 'm6i.xlarge', weight: 1 },
    ])
    .meta({
      description:
        'Instance types to launch, in order of preference. With more types EC2 has capacity more often. All of one architecture; types on the Xen hypervisor (`t2`, `m4`, `c4` and older) cannot be bridges.',
      examples: ['[{ type: c6i.xlarge }]'],
    }),
  volumeGiB: z
    .number()
    .int()
    .min(8)
    .max(1024)
    .default(16)
    .describe('Size of the encrypted root volume, in GiB.'),
  spot: spotSchema.prefault({}).describe('Spot instances; none by default.'),
  mediaPorts: z
    .array(portRange)
    .min(1, { error: 'must name at least one port' })
    .default(['10000/udp'])
    .describe(
      'Ports open to the internet for media. Add `10001-20000/udp` for browsers that do not bundle streams.',
    ),
});

/**
 * The last that is a component by default, and a current one; Jitsi's stable repository has had
 * both.
 */
const testedVersions = { component: '1126-1', muc: '2.3-307-g4bb0aead1-1' } as const;

const packagesSchema = z.strictObject({
  url: httpUrl.default('https://download.jitsi.org').describe('URL of the apt repository.'),
  suite: text
    .default('stable/')
    .describe('Suite of the repository; it ends in a slash for a flat repository.'),
  keyUrl: httpUrl
    .default('https://download.jitsi.org/jitsi-key.gpg.key')
    .describe('URL of the public key that signs the repository.'),
  keyFingerprint: matching(
    /^[0-9A-Fa-f]{40}$/,
    '40 hexadecimal digits without spaces, in quotes; to print it, run: curl -fsSL KEYURL | gpg --show-keys --with-fingerprint',
  ).describe(
    'Fingerprint of that key, in quotes. A bridge installs nothing if the key differs. Jitsi publishes no fingerprint, so there is no default; check it with `curl -fsSL https://download.jitsi.org/jitsi-key.gpg.key | gpg --show-keys --with-fingerprint`. In 2021 it was `FFD65A0DA2BEBDEB73D44C8BB4D2D216F1FD7806`.',
  ),
  version: matching(/^[0-9A-Za-z.+~-]+$/, 'a package version, for example 2.3-307-g4bb0aead1-1')
    .optional()
    .describe(
      'Version of the package that bridges install: of `jitsi-videobridge2` with `muc` (better the version that Server A has), of `jitsi-videobridge` with `component`.',
    )
    .meta({ unset: `${testedVersions.muc} (muc), ${testedVersions.component} (component)` }),
});

const collectorSchema = z.strictObject({
  windowSeconds: z
    .number()
    .int()
    .min(3)
    .max(30)
    .default(12)
    .describe('Longest time that the collector listens each minute, in seconds.'),
  maxPacketRate: z
    .number()
    .positive()
    .default(50_800)
    .describe(
      'Packets per second of a bridge at stress 1, for bridges that report no stress. Jicofo uses 50800.',
    ),
});

const fleetShape = {
  fleet: matching(
    /^[a-z0-9][a-z0-9-]{0,31}$/,
    '1 to 32 lowercase letters, digits and hyphens, not starting with a hyphen',
  ).describe(
    'Name of the fleet, used in the names of stack, tags and parameters. Renaming it creates a new fleet.',
  ),
  domain: matching(
    /^(?=.{1,200}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/,
    'a domain in lowercase, for example meet.example.org',
  )
    .optional()
    .describe(
      'Domain of the Jitsi Meet server: the main VirtualHost in Prosody. Required with `server.kind: packages`; with `docker` it is the XMPP_DOMAIN of the containers.',
    )
    .meta({ unset: 'found on the server (`docker`)' }),
  generation: z
    .enum(['muc', 'component'], { error: 'must be muc or component' })
    .describe(
      'How bridges connect: `muc` (an XMPP account and the brewery room: Jitsi as you install it today) or `component` (XEP-0114: as in the Jitsi tutorial, Jicofo up to build 580). No default: Jicofo does not see bridges of the wrong generation.',
    ),
  brewery: matching(
    /^[\w.-]{1,100}@[a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?$/i,
    'the address of a room, for example JvbBrewery@internal.auth.meet.example.org',
  )
    .optional()
    .describe(
      'Room in which bridges report and Jicofo looks for them, with `generation: muc` only.',
    )
    .meta({
      unset: '`JvbBrewery@internal.auth.<domain>`; found on the server with `server.kind: docker`',
    }),
  vpcId: awsId('vpc').describe('VPC of the Jitsi Meet server. Bridges and collector run in it.'),
  vpcCidr: ipv4Range
    .optional()
    .describe(
      'IPv4 range of the VPC. Needed only with `egress: createEndpoints`, whose endpoints then serve every host of the VPC.',
    ),
  secondaryCidrs: z
    .array(ipv4Range)
    .check(repeats((range) => range))
    .default([])
    .meta({
      description:
        'Further IPv4 ranges of the VPC, with `egress: createEndpoints` only. Private DNS of endpoints affects the hosts of all ranges; a host in a range that is missing here cannot reach SSM and CloudWatch any more.',
      examples: ['[100.64.0.0/16]'],
    }),
  bridgeSubnetIds: z
    .array(awsId('subnet'))
    .min(1, { error: 'must name at least one subnet' })
    .check(repeats((subnetId) => subnetId))
    .meta({
      description:
        'Public subnets for the bridges, preferably several, each in a different availability zone. EC2 rejects every launch if two of them share one.',
      examples: ['[subnet-0abc…]'],
    }),
  functionSubnetIds: z
    .array(awsId('subnet'))
    .min(1, { error: 'must name at least one subnet' })
    .check(repeats((subnetId) => subnetId))
    .meta({
      description:
        'Private subnets for the collector function. With `egress: createEndpoints`, each in a different availability zone.',
      examples: ['[subnet-0abc…]'],
    }),
  egress: z
    .enum(['nat', 'existingEndpoints', 'createEndpoints'], {
      error: 'must be nat, existingEndpoints or createEndpoints',
    })
    .describe(
      'How the collector reaches SSM and CloudWatch: a NAT gateway (`nat`), interface endpoints that the VPC has (`existingEndpoints`), or endpoints that this stack creates (`createEndpoints`). No default: the private DNS of endpoints affects the whole VPC.',
    ),
  endpointZones: z
    .number()
    .int()
    .min(1)
    .default(1)
    .describe(
      'In how many zones `egress: createEndpoints` creates its two endpoints: in the first so many of `functionSubnetIds`. Each zone costs about $15 a month. With one, the collector is blind while that zone is down, and the fleet holds its size; the other hosts of the VPC reach the endpoints from every zone.',
    ),
  server: serverSchema,
  bridge: bridgeSchema
    .prefault({})
    .describe('What a bridge is: image, instance types, volume, ports.'),
  packages: packagesSchema.describe('Where bridges install their software from.'),
  policy: policySchema.describe('How many bridges run, and when that changes.'),
  collector: collectorSchema
    .prefault({})
    .describe("How the collector reads the bridges' statistics."),
  teardown: z
    .strictObject({
      force: z
        .boolean()
        .default(false)
        .describe(
          'Whether `cdk destroy` ends running calls, and continues if the Jitsi Meet server cannot be reached. The deployed value applies: a stack whose deletion failed cannot be deployed again.',
        ),
    })
    .prefault({})
    .describe(
      'What `cdk destroy` does to the bridges. It terminates them before it deletes the stack.',
    ),
  reservedConcurrency: z
    .boolean()
    .default(true)
    .describe(
      'Reserve one concurrent execution each for scaler and registrar, so that only one runs at a time. The deployment fails if the account has fewer than 52 unreserved executions, as new accounts with a quota of 10 do; see [the runbook](operations.md#lambdas-concurrency-quota). Raise the quota then, or set it to `false`.',
    ),
  logRetentionDays: z
    .literal(retentionDays, {
      error:
        'must be a number of days that CloudWatch Logs offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731 or more; 9999 is forever',
    })
    .default(oneMonth)
    .describe('Retention of the function logs, in days.'),
  tags: tagsSchema.default({}).meta({
    description:
      'Your own tags, for cost reports or because your organization demands them: on bridges, their volumes and network interfaces, prebaked images, and all resources of the stack that can have tags. Not on spot requests and on the parameters that the functions create. At most 40; keys without spaces and slashes; not `Name`, `aws:…` or `bridges:…`. A change applies to bridges that are launched after it.',
    examples: ['{ cost-center: video }'],
  }),
  alarmTopicArn: matching(/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+$/, 'the ARN of an SNS topic')
    .optional()
    .describe('SNS topic that alarms notify. Without it alarms only change their state.'),
};

/** A bridge of generation `muc` reports every 5 s; a shorter window may miss it. */
const shortestMucWindowSeconds = 6;

interface FleetValues {
  readonly generation: 'component' | 'muc';
  readonly domain?: string | undefined;
  readonly brewery?: string | undefined;
  readonly egress: string;
  readonly endpointZones: number;
  readonly functionSubnetIds: readonly string[];
  readonly server: {
    readonly kind: 'packages' | 'docker';
    readonly composeProject?: string | undefined;
    readonly componentInterface: string;
  };
  readonly vpcCidr?: string | undefined;
  readonly secondaryCidrs: readonly string[];
  readonly collector: { readonly windowSeconds: number };
  readonly packages: { readonly version?: string | undefined };
  readonly policy: object;
  readonly bridge: {
    readonly imageId: string;
    readonly instanceTypes: readonly { readonly type: string }[];
  };
  readonly tags: Readonly<Record<string, string>>;
}

/** Characters of policy and tags; Lambda takes 4096 for all variables of a function. */
const mostSettings = 3072;

/** Checks that involve several keys. */
function checkTogether({ value, issues }: z.core.ParsePayload<FleetValues>): void {
  const reject = (path: (string | number)[], message: string) =>
    issues.push({ code: 'custom', input: value, path, message });
  if (value.egress === 'createEndpoints' && value.vpcCidr === undefined)
    reject(
      ['vpcCidr'],
      'is required with egress: createEndpoints; set it to the IPv4 range of the VPC',
    );
  if (value.egress === 'createEndpoints' && value.endpointZones > value.functionSubnetIds.length)
    reject(
      ['endpointZones'],
      `must be ${value.functionSubnetIds.length} or less, the number of functionSubnetIds; add subnets or lower it`,
    );
  if (value.secondaryCidrs.length > 0 && value.egress !== 'createEndpoints')
    reject(['secondaryCidrs'], 'is only for egress: createEndpoints; remove it');
  for (const [index, range] of value.secondaryCidrs.entries())
    if (range === value.vpcCidr)
      reject(['secondaryCidrs', index], `${range} is vpcCidr already; remove it`);
  const { imageId, instanceTypes } = value.bridge;
  for (const { path, message } of instanceTypeFaults(instanceTypes, imageId))
    reject(['bridge', ...path], message);
  if (value.server.kind === 'docker' && value.generation === 'component')
    reject(
      ['server', 'kind'],
      'docker is for generation: muc, since the containers publish no port for components',
    );
  if (value.server.kind === 'packages' && value.server.composeProject !== undefined)
    reject(['server', 'composeProject'], 'is for server.kind: docker; leave it out with packages');
  if (value.generation === 'component' && value.brewery !== undefined)
    reject(['brewery'], 'is only for generation: muc; remove it');
  if (value.generation === 'muc' && value.server.componentInterface === 'public')
    reject(['server', 'componentInterface'], 'public is only for generation: component; remove it');
  if (value.generation === 'muc' && value.collector.windowSeconds < shortestMucWindowSeconds)
    reject(
      ['collector', 'windowSeconds'],
      `must be ${shortestMucWindowSeconds} or more with generation: muc, since bridges report every 5 s`,
    );
  const settings = JSON.stringify(value.tags).length + JSON.stringify(value.policy).length;
  if (Object.keys(value.tags).length > 0 && settings > mostSettings)
    reject(
      ['tags'],
      `must be shorter: with the policy they have ${settings} characters and Lambda's environment takes ${mostSettings}; shorten them, or combine schedules`,
    );
  const { version } = value.packages;
  if (version !== undefined && !versionShapes[value.generation].test(version))
    reject(
      ['packages', 'version'],
      `is not a version of generation: ${value.generation}; set it to one like ${testedVersions[value.generation]}, or remove it`,
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

/** Fills in what follows from other keys. Idempotent: parsed props may be parsed again. */
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

/** The config file: the props of `BridgeFleet`, and account and region of the stack. */
export const deploymentSchema = z
  .strictObject({
    ...fleetShape,
    region: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region, for example eu-central-1')
      .optional()
      .describe('AWS region.')
      .meta({ unset: 'that of the AWS profile' }),
    account: matching(/^\d{12}$/, 'an account id: 12 digits, in quotes')
      .optional()
      .describe('AWS account.')
      .meta({ unset: 'that of the AWS profile' }),
  })
  .check(domainIfPackages, checkTogether)
  .transform(withDerived);

/** The props of `BridgeFleet` with every default filled in. */
export type FleetConfig = Parsed<z.output<typeof fleetSchema>>;
/** A config file with every default filled in. */
export type DeploymentConfig = Parsed<z.output<typeof deploymentSchema>>;

/**
 * The room that bridges of generation `muc` report in; undefined where it is found on the server.
 */
export function breweryOf({
  brewery,
  domain,
  server,
}: Pick<FleetConfig, 'brewery' | 'domain' | 'server'>): string | undefined {
  if (server.kind === 'docker' || domain === undefined) return brewery;
  return brewery ?? breweryRoom(domain);
}
