/* Made by `npm run docs` out of lib/config/schema.ts; do not edit. */
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** One fleet of bridges for one Jitsi Meet server. */
export interface BridgeFleetProps {
  /**
   * Name of the fleet, used in the names of stack, tags and parameters. Renaming it creates a new
   * fleet.
   */
  readonly fleet: string;
  /**
   * Domain of the Jitsi Meet server: the main VirtualHost in Prosody. Required with `server.kind:
   * packages`; with `docker` it is the XMPP_DOMAIN of the containers.
   * @default - found on the server (`docker`)
   */
  readonly domain?: string;
  /**
   * How bridges connect: `muc` (an XMPP account and the brewery room: Jitsi as you install it
   * today) or `component` (XEP-0114: as in the Jitsi tutorial, Jicofo up to build 580). No default:
   * Jicofo does not see bridges of the wrong generation.
   */
  readonly generation: 'muc' | 'component';
  /**
   * Room in which bridges report and Jicofo looks for them, with `generation: muc` only.
   * @default - `JvbBrewery@internal.auth.<domain>`; found on the server with `server.kind: docker`
   */
  readonly brewery?: string;
  /** VPC of the Jitsi Meet server. Bridges and collector run in it. */
  readonly vpcId: string;
  /**
   * IPv4 range of the VPC. Needed only with `egress: createEndpoints`, whose endpoints then serve
   * every host of the VPC.
   * @default - none
   */
  readonly vpcCidr?: string;
  /**
   * Further IPv4 ranges of the VPC, with `egress: createEndpoints` only. Private DNS of endpoints
   * affects the hosts of all ranges; a host in a range that is missing here cannot reach SSM and
   * CloudWatch any more.
   * @default []
   */
  readonly secondaryCidrs?: readonly string[];
  /**
   * Public subnets for the bridges, preferably several, each in a different availability zone. EC2
   * rejects every launch if two of them share one.
   */
  readonly bridgeSubnetIds: readonly string[];
  /**
   * Private subnets for the collector function. With `egress: createEndpoints`, each in a different
   * availability zone.
   */
  readonly functionSubnetIds: readonly string[];
  /**
   * How the collector reaches SSM and CloudWatch: a NAT gateway (`nat`), interface endpoints that
   * the VPC has (`existingEndpoints`), or endpoints that this stack creates (`createEndpoints`). No
   * default: the private DNS of endpoints affects the whole VPC.
   */
  readonly egress: 'nat' | 'existingEndpoints' | 'createEndpoints';
  /**
   * In how many zones `egress: createEndpoints` creates its two endpoints: in the first so many of
   * `functionSubnetIds`. Each zone costs about $15 a month. With one, the collector is blind while
   * that zone is down, and the fleet holds its size; the other hosts of the VPC reach the endpoints
   * from every zone.
   * @default 1
   */
  readonly endpointZones?: number;
  /** Server A: the Jitsi Meet server that the bridges serve. */
  readonly server: ServerOptions;
  /**
   * What a bridge is: image, instance types, volume, ports.
   * @default - the defaults of its keys
   */
  readonly bridge?: BridgeOptions;
  /** Where bridges install their software from. */
  readonly packages: PackageOptions;
  /** How many bridges run, and when that changes. */
  readonly policy: PolicyOptions;
  /**
   * How the collector reads the bridges' statistics.
   * @default - the defaults of its keys
   */
  readonly collector?: CollectorOptions;
  /**
   * What `cdk destroy` does to the bridges. It terminates them before it deletes the stack.
   * @default - the defaults of its keys
   */
  readonly teardown?: TeardownOptions;
  /**
   * Reserve one concurrent execution each for scaler and registrar, so that only one runs at a
   * time. The deployment fails if the account has fewer than 52 unreserved executions, as new
   * accounts with a quota of 10 do; see [the runbook](operations.md#lambdas-concurrency-quota).
   * Raise the quota then, or set it to `false`.
   * @default true
   */
  readonly reservedConcurrency?: boolean;
  /**
   * Retention of the function logs, in days.
   * @default 30
   */
  readonly logRetentionDays?: RetentionDays;
  /**
   * Your own tags, for cost reports or because your organization demands them: on bridges, their
   * volumes and network interfaces, prebaked images, and all resources of the stack that can have
   * tags. Not on spot requests and on the parameters that the functions create. At most 40; keys
   * without spaces and slashes; not `Name`, `aws:…` or `bridges:…`. A change applies to bridges
   * that are launched after it.
   * @default {}
   */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * SNS topic that alarms notify. Without it alarms only change their state.
   * @default - none
   */
  readonly alarmTopicArn?: string;
}

/** What a config file holds: the props of `BridgeFleet`, and where the stack is deployed. */
export interface FleetStackProps extends BridgeFleetProps {
  /**
   * AWS region.
   * @default - that of the AWS profile
   */
  readonly region?: string;
  /**
   * AWS account.
   * @default - that of the AWS profile
   */
  readonly account?: string;
}

/** Server A: the Jitsi Meet server that the bridges serve. */
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
  /** Its private IPv4 address, where bridges and the collector reach Prosody. */
  readonly privateAddress: string;
  /** Name of the role of its instance profile. The stack grants it the parameters of this fleet. */
  readonly roleName: string;
  /**
   * Its security group. The stack opens port 5222 to the collector, and 5222 (`muc`) or 5347
   * (`component`) to the bridges.
   */
  readonly securityGroupId: string;
  /**
   * Where Prosody listens for component bridges: `private` is loopback and the private address,
   * `public` is all IPv4 addresses, as in the Jitsi tutorial. Component connections are plain text,
   * so with `public` only firewalls protect them. In both cases the stack opens 5347 to the
   * bridges' security group only, and bridges use the private address. `public` is for `generation:
   * component` only.
   * @default 'private'
   */
  readonly componentInterface?: 'private' | 'public';
}

/** What a bridge is: image, instance types, volume, ports. */
export interface BridgeOptions {
  /**
   * Machine image of the bridges: an image id, or a public SSM parameter that holds one. It must be
   * Debian or Ubuntu; an SSM agent that it lacks, as images of Debian do, is installed at boot. Its
   * package sources must have the AWS CLI and Java 17 (`muc`) or Java 8 or 11 (`component`). Its
   * architecture must match the instance types; where the name of the parameter tells it (`amd64`,
   * `arm64`), that is checked.
   * @default '/aws/service/canonical/ubuntu/server/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id'
   */
  readonly imageId?: string;
  /**
   * Root device of the image: `/dev/sda1` on Ubuntu, `/dev/xvda` on Debian.
   * @default '/dev/sda1'
   */
  readonly rootDevice?: string;
  /**
   * Instance types to launch, in order of preference. With more types EC2 has capacity more often.
   * All of one architecture; types on the Xen hypervisor (`t2`, `m4`, `c4` and older) cannot be
   * bridges.
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
   * Spot instances; none by default.
   * @default - the defaults of its keys
   */
  readonly spot?: SpotOptions;
  /**
   * Ports open to the internet for media. Add `10001-20000/udp` for browsers that do not bundle
   * streams.
   * @default ['10000/udp']
   */
  readonly mediaPorts?: readonly string[];
}

/** An entry of `bridge.instanceTypes`. */
export interface InstanceTypeOptions {
  /** EC2 instance type. */
  readonly type: string;
  /**
   * Capacity relative to the reference type, whose weight is 1.
   * @default 1
   */
  readonly weight?: number;
}

/** Spot instances; none by default. */
export interface SpotOptions {
  /**
   * Bridges that are always on-demand; the spot share applies to the others.
   * @default 1
   */
  readonly onDemandBase?: number;
  /**
   * Percentage of the bridges beyond `onDemandBase` that are spot instances.
   * @default 0
   */
  readonly spotPercent?: number;
  /**
   * What the scaler launches when EC2 gives fewer spot instances than requested: `onDemand`
   * launches on-demand instances and tries spot again after ten minutes, `never` launches nothing.
   * @default 'onDemand'
   */
  readonly fallback?: 'onDemand' | 'never';
}

/** Where bridges install their software from. */
export interface PackageOptions {
  /**
   * URL of the apt repository.
   * @default 'https://download.jitsi.org'
   */
  readonly url?: string;
  /**
   * Suite of the repository; it ends in a slash for a flat repository.
   * @default 'stable/'
   */
  readonly suite?: string;
  /**
   * URL of the public key that signs the repository.
   * @default 'https://download.jitsi.org/jitsi-key.gpg.key'
   */
  readonly keyUrl?: string;
  /**
   * Fingerprint of that key, in quotes. A bridge installs nothing if the key differs. Jitsi
   * publishes no fingerprint, so there is no default; check it with `curl -fsSL
   * https://download.jitsi.org/jitsi-key.gpg.key | gpg --show-keys --with-fingerprint`. In 2021 it
   * was `FFD65A0DA2BEBDEB73D44C8BB4D2D216F1FD7806`.
   */
  readonly keyFingerprint: string;
  /**
   * Version of the package that bridges install: of `jitsi-videobridge2` with `muc` (better the
   * version that Server A has), of `jitsi-videobridge` with `component`.
   * @default - 2.3-307-g4bb0aead1-1 (muc), 1126-1 (component)
   */
  readonly version?: string;
}

/** How many bridges run, and when that changes. */
export interface PolicyOptions {
  /** Minimum number of bridges (booting + active). */
  readonly min: number;
  /** Maximum number of bridges (booting + active + draining). */
  readonly max: number;
  /**
   * Bridges allowed above `max` while draining bridges still have calls: a bridge that is drained
   * at full size is replaced at once, not after its last call. Booting + active never exceed `max`.
   * @default 0
   */
  readonly surge?: number;
  /**
   * Average stress that the expected load may cause. Jicofo treats a bridge as overloaded from 0.8.
   * @default 0.75
   */
  readonly targetStress?: number;
  /**
   * Headroom: a fixed number of bridges beyond what the load needs.
   * @default 0
   */
  readonly headroomBridges?: number;
  /**
   * Headroom for random variation: this factor times the square root of the bridges that the load
   * needs. Large fleets need relatively less.
   * @default 1.05
   */
  readonly headroomFactor?: number;
  /**
   * `on`: launch bridges before the load rises, based on earlier weeks and the last minutes.
   * `shadow`: compute and publish the forecast, but do not use it. `off`: use the current load
   * only.
   * @default 'on'
   */
  readonly forecast?: 'on' | 'off' | 'shadow';
  /**
   * Scale-in cooldown: how long fewer bridges must suffice, without a break, before one is drained.
   * @default 120
   */
  readonly scaleInPatienceSeconds?: number;
  /**
   * Longest time from launch to the first statistics before a bridge is replaced.
   * @default 900
   */
  readonly bootTimeoutSeconds?: number;
  /**
   * How long an active bridge may be silent before it is repaired, and then replaced.
   * @default 180
   */
  readonly silentSeconds?: number;
  /**
   * How long a draining bridge must be empty before it is retired.
   * @default 60
   */
  readonly emptySeconds?: number;
  /**
   * Age from which load data is treated as missing.
   * @default 150
   */
  readonly staleSeconds?: number;
  /**
   * Weekly windows with their own bounds; see [policy.md](policy.md#schedules). Bridges are
   * launched early, so that they are ready when the window opens.
   * @default []
   */
  readonly schedules?: readonly ScheduleOptions[];
}

/** An entry of `policy.schedules`. */
export interface ScheduleOptions {
  /** Name of the schedule in reasons and in `jitsi-bridges status`. */
  readonly name: string;
  /**
   * Days on which the window opens: `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`.
   * @default - every day
   */
  readonly days?: readonly ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[];
  /**
   * Local time at which the window opens, for example `08:45`; or day and time, for example `fri
   * 18:00`, instead of `days`.
   */
  readonly from: string;
  /**
   * Local time at which the window closes, for example `18:00`; on the next day if it is not later
   * than `from`. Day and time, for example `mon 06:00`, if `from` has a day.
   */
  readonly to: string;
  /**
   * Time zone of `from` and `to` as in the IANA database, for example `Europe/Berlin`. Daylight
   * saving time is taken into account.
   */
  readonly zone: string;
  /**
   * Minimum number of bridges while the window is open, instead of `policy.min`; may be higher or
   * lower.
   * @default - `policy.min`
   */
  readonly min?: number;
  /**
   * Maximum number of bridges while the window is open, instead of `policy.max`; may be higher or
   * lower.
   * @default - `policy.max`
   */
  readonly max?: number;
  /**
   * Run at least this many bridges (booting + active) while the window is open, whatever `min` is.
   * @default - none
   */
  readonly hold?: number;
}

/** How the collector reads the bridges' statistics. */
export interface CollectorOptions {
  /**
   * Longest time that the collector listens each minute, in seconds.
   * @default 12
   */
  readonly windowSeconds?: number;
  /**
   * Packets per second of a bridge at stress 1, for bridges that report no stress. Jicofo uses
   * 50800.
   * @default 50800
   */
  readonly maxPacketRate?: number;
}

/** What `cdk destroy` does to the bridges. It terminates them before it deletes the stack. */
export interface TeardownOptions {
  /**
   * Whether `cdk destroy` ends running calls, and continues if the Jitsi Meet server cannot be
   * reached. The deployed value applies: a stack whose deletion failed cannot be deployed again.
   * @default false
   */
  readonly force?: boolean;
}
