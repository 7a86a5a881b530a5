/* Made by `npm run docs` out of lib/config/schema.ts; do not edit. */
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** One fleet of bridges for one Jitsi Meet server. */
export interface BridgeFleetProps {
  /**
   * Name of the fleet; part of the stack name, tags and parameter names. Renaming makes a new
   * fleet.
   */
  readonly fleet: string;
  /**
   * Domain of the Jitsi Meet server: the main VirtualHost of its Prosody. Required with
   * `server.kind: packages`; with `docker` it is the XMPP_DOMAIN of the containers.
   * @default - found on the server (`docker`)
   */
  readonly domain?: string;
  /**
   * How bridges log in: `component` (XEP-0114, Jicofo up to build 580) or `muc` (an account and a
   * brewery room, as Jitsi is today). No default: the wrong one is invisible to Jicofo.
   */
  readonly generation: 'component' | 'muc';
  /**
   * Room that bridges report in and Jicofo reads, with `generation: muc` only.
   * @default - JvbBrewery@internal.auth.DOMAIN; found on the server with `server.kind: docker`
   */
  readonly brewery?: string;
  /** VPC of the Jitsi Meet server; bridges and collector live in it. */
  readonly vpcId: string;
  /**
   * Address range of the VPC. Needed only with `egress: createEndpoints`, whose endpoints then
   * serve every host of the VPC.
   * @default - none
   */
  readonly vpcCidr?: string;
  /**
   * Public subnets for the bridges, best several, each in an availability zone of its own: EC2
   * refuses every launch when two of them share one.
   */
  readonly bridgeSubnetIds: readonly string[];
  /**
   * Private subnets for the collector function, which talks to Prosody; with `egress:
   * createEndpoints` each in an availability zone of its own.
   */
  readonly functionSubnetIds: readonly string[];
  /**
   * How the collector reaches SSM and CloudWatch from its subnets: a NAT gateway, endpoints that
   * the VPC has, or endpoints made here. No default: private DNS of endpoints concerns the whole
   * VPC.
   */
  readonly egress: 'nat' | 'existingEndpoints' | 'createEndpoints';
  /** Server A: the Jitsi Meet server that the bridges work for. */
  readonly server: ServerOptions;
  /**
   * The bridges: image, size, market, ports.
   * @default - the defaults of its keys
   */
  readonly bridge?: BridgeOptions;
  /** Where bridges get their software. */
  readonly packages: PackageOptions;
  /** How many bridges there are, and when that changes. */
  readonly policy: PolicyOptions;
  /**
   * Reading the bridges' statistics.
   * @default - the defaults of its keys
   */
  readonly collector?: CollectorOptions;
  /**
   * What `cdk destroy` does to the bridges: it terminates them before the stack goes.
   * @default - the defaults of its keys
   */
  readonly teardown?: TeardownOptions;
  /**
   * Reserve one execution each for scaler and registrar, so that only one runs at a time. Switch it
   * off only where the quota of the account forbids reservations.
   * @default true
   */
  readonly reservedConcurrency?: boolean;
  /**
   * Days that the logs of the functions are kept.
   * @default 30
   */
  readonly logRetentionDays?: RetentionDays;
  /**
   * SNS topic that alarms are sent to; without it they only change their state.
   * @default - none
   */
  readonly alarmTopicArn?: string;
}

/** What a config file holds: the props of `BridgeFleet`, and where the stack goes. */
export interface FleetStackProps extends BridgeFleetProps {
  /**
   * AWS region that the stack is deployed to.
   * @default - that of the profile in use
   */
  readonly region?: string;
  /**
   * AWS account that the stack is deployed to.
   * @default - that of the profile in use
   */
  readonly account?: string;
}

/** Server A: the Jitsi Meet server that the bridges work for. */
export interface ServerOptions {
  /**
   * What Jitsi Meet is there: Jitsi's Debian packages, or the containers of docker-jitsi-meet,
   * started by Compose and run by Docker as root (`generation: muc` only). With `docker` leave out
   * `domain` and `brewery`: the prepare document finds them.
   * @default 'packages'
   */
  readonly kind?: 'packages' | 'docker';
  /**
   * Compose project whose Prosody the bridges are for, with `kind: docker` only. Needed only where
   * several projects run on the server.
   * @default - the only one
   */
  readonly composeProject?: string;
  /** EC2 instance that runs Prosody and Jicofo. */
  readonly instanceId: string;
  /** Its private IPv4 address; bridges and the collector reach Prosody there. */
  readonly privateAddress: string;
  /** Name of the role of its instance profile; it is granted the parameters of this fleet. */
  readonly roleName: string;
  /**
   * Its security group; 5347 (`component`) or 5222 (`muc`) from the bridges and 5222 from the
   * collector are opened in it.
   */
  readonly securityGroupId: string;
  /**
   * Where its Prosody listens for component bridges: on loopback and the private address, or on all
   * IPv4 addresses, as Jitsi's tutorial has it. Component connections are plain text: `public`
   * leaves only firewalls between them and the world. The stack opens 5347 to the bridges' security
   * group only, either way; bridges use the private address. `public` is for `generation:
   * component` only.
   * @default 'private'
   */
  readonly componentInterface?: 'private' | 'public';
}

/** The bridges: image, size, market, ports. */
export interface BridgeOptions {
  /**
   * Image of the bridges: an id, or an SSM parameter that holds one. Debian or Ubuntu with the SSM
   * agent on board and, in its archive, the AWS CLI and Java 8 or 11 (`component`) or 17 (`muc`);
   * its architecture must fit the instance types.
   * @default '/aws/service/canonical/ubuntu/server/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id'
   */
  readonly imageId?: string;
  /**
   * Root device of the image: /dev/sda1 on Ubuntu, /dev/xvda on Debian.
   * @default '/dev/sda1'
   */
  readonly rootDevice?: string;
  /**
   * Types to launch, in order of preference; more of them find capacity more often.
   * @default [{ type: 'c6i.xlarge', weight: 1 }, { type: 'c5.xlarge', weight: 1 }, { type:
   * 'm6i.xlarge', weight: 1 }]
   */
  readonly instanceTypes?: readonly InstanceTypeOptions[];
  /**
   * Size of the encrypted root volume, in GiB.
   * @default 16
   */
  readonly volumeGiB?: number;
  /**
   * How much of the fleet may be spot instances.
   * @default - the defaults of its keys
   */
  readonly spot?: SpotOptions;
  /**
   * Ports open to the world for media. Add 10001-20000/udp for browsers that do not bundle.
   * @default ['10000/udp']
   */
  readonly mediaPorts?: readonly string[];
}

/** An entry of `bridge.instanceTypes`. */
export interface InstanceTypeOptions {
  /** EC2 instance type. */
  readonly type: string;
  /**
   * Capacity relative to the reference type, which has 1.
   * @default 1
   */
  readonly weight?: number;
}

/** How much of the fleet may be spot instances. */
export interface SpotOptions {
  /**
   * Bridges that are always on demand, before the spot share counts.
   * @default 1
   */
  readonly onDemandBase?: number;
  /**
   * Share of the bridges beyond the base that are spot instances, in percent.
   * @default 0
   */
  readonly spotPercent?: number;
}

/** Where bridges get their software. */
export interface PackageOptions {
  /**
   * Address of the apt repository.
   * @default 'https://download.jitsi.org'
   */
  readonly url?: string;
  /**
   * Its suite; a flat one ends in a slash.
   * @default 'stable/'
   */
  readonly suite?: string;
  /**
   * Where the public key that signs the repository is.
   * @default 'https://download.jitsi.org/jitsi-key.gpg.key'
   */
  readonly keyUrl?: string;
  /**
   * Fingerprint of that key, in quotes; a bridge does not install from a repository with another.
   * Jitsi publishes none, so there is no default: check with `curl -fsSL
   * https://download.jitsi.org/jitsi-key.gpg.key | gpg --show-keys --with-fingerprint`.
   * FFD65A0DA2BEBDEB73D44C8BB4D2D216F1FD7806 is what it was when last seen, in 2021.
   */
  readonly keyFingerprint: string;
  /**
   * Version of the package that all bridges install: of jitsi-videobridge (`component`) or of
   * jitsi-videobridge2 (`muc`).
   * @default - 1126-1 (component), 2.3-307-g4bb0aead1-1 (muc)
   */
  readonly version?: string;
}

/** How many bridges there are, and when that changes. */
export interface PolicyOptions {
  /** Fewest bridges (booting + active). */
  readonly min: number;
  /** Most bridges (booting + active + draining). */
  readonly max: number;
  /**
   * Bridges allowed above `max` while drained ones still have calls: a bridge that is drained at
   * full size is replaced at once, not when its last call ends. Booting + active never exceed
   * `max`.
   * @default 0
   */
  readonly surge?: number;
  /**
   * Mean stress that the expected load may cause; Jicofo calls a bridge overloaded at 0.8.
   * @default 0.75
   */
  readonly targetStress?: number;
  /**
   * Bridges held ready beyond what the load needs.
   * @default 0
   */
  readonly headroomBridges?: number;
  /**
   * Bridges held ready for chance: this times the square root of the bridges that the load needs.
   * Large fleets need relatively less.
   * @default 1.05
   */
  readonly headroomFactor?: number;
  /**
   * `on`: bridges are launched before the load comes, by what earlier weeks and the last minutes
   * tell. `shadow`: computed and published, not acted on. `off`: only the load of now counts.
   * @default 'on'
   */
  readonly forecast?: 'on' | 'off' | 'shadow';
  /**
   * How long fewer bridges must suffice, without a break, before one is drained.
   * @default 120
   */
  readonly scaleInPatienceSeconds?: number;
  /**
   * Longest time from launch to first stats before a bridge is replaced.
   * @default 900
   */
  readonly bootTimeoutSeconds?: number;
  /**
   * How long an active bridge may be silent before it is repaired, then replaced.
   * @default 180
   */
  readonly silentSeconds?: number;
  /**
   * How long a draining bridge must be empty before it is retired.
   * @default 60
   */
  readonly emptySeconds?: number;
  /**
   * Age from which load data counts as missing.
   * @default 150
   */
  readonly staleSeconds?: number;
  /**
   * Weekly windows with bounds of their own; see [policy.md](policy.md#schedules). What adds
   * bridges counts ahead, so that they are ready when the window opens.
   * @default []
   */
  readonly schedules?: readonly ScheduleOptions[];
}

/** An entry of `policy.schedules`. */
export interface ScheduleOptions {
  /** Name that reasons and `jitsi-bridges status` call it by. */
  readonly name: string;
  /**
   * Days on which the window opens: `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`.
   * @default - every day
   */
  readonly days?: readonly ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[];
  /**
   * Local time at which it opens, like `08:45`; or with its day, like `fri 18:00`, instead of
   * `days`.
   */
  readonly from: string;
  /**
   * Local time at which it closes, like `18:00`; on the next day when that is not later than
   * `from`. With its day, like `mon 06:00`, when `from` has one.
   */
  readonly to: string;
  /**
   * Time zone of `from` and `to`, as the IANA database names it, like `Europe/Berlin`; summer time
   * is kept.
   */
  readonly zone: string;
  /**
   * Fewest bridges while it is open, instead of `policy.min`; may be more or fewer.
   * @default - `policy.min`
   */
  readonly min?: number;
  /**
   * Most bridges while it is open, instead of `policy.max`; may be more or fewer.
   * @default - `policy.max`
   */
  readonly max?: number;
  /**
   * Bridges (booting + active) that are there at least while it is open, whatever `min` is then.
   * @default - none
   */
  readonly hold?: number;
}

/** Reading the bridges' statistics. */
export interface CollectorOptions {
  /**
   * Longest time the collector listens each minute, in seconds.
   * @default 12
   */
  readonly windowSeconds?: number;
  /**
   * Packets per second of a bridge at stress 1; Jicofo's own figure is 50800.
   * @default 50800
   */
  readonly maxPacketRate?: number;
}

/** What `cdk destroy` does to the bridges: it terminates them before the stack goes. */
export interface TeardownOptions {
  /**
   * Whether `cdk destroy` ends running calls, and goes on when the Jitsi Meet server cannot be
   * reached. Counts as it was last deployed: a stack whose deletion was refused cannot be deployed
   * any more.
   * @default false
   */
  readonly force?: boolean;
}
