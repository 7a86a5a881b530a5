import type { MachineHost } from '../../machines/machine-host';
import type { Clock } from '../clock';
import { AwsError } from '../errors';
import type { EventPublisher } from '../events';
import type { Ids } from '../ids';
import {
  isXen,
  type Instance,
  type InstanceCondition,
  type InstanceSpec,
  type InstanceState,
  type InstanceView,
} from './instance';
import { Network, localNetwork } from './network';
import { checkTags } from './tag-rules';

export interface ModelOptions {
  readonly machines: MachineHost;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly events: EventPublisher;
  readonly network?: Network;
  /** Draws how many milliseconds describe calls are behind after a change. @default never behind */
  readonly delay?: () => number;
}

/** An instance that was there before the emulated AWS: its machine is not launched by us. */
export interface ExistingInstance {
  readonly instanceId: string;
  readonly privateIpAddress: string;
  readonly tags: Readonly<Record<string, string>>;
  /** ARN of the role that its instance profile gives. */
  readonly profileRoleArn?: string;
}

/** A launch of AWS takes seconds before it runs; nothing may rely on it being faster. */
const shortestPendingMilliseconds = 1500;
/** Terminated instances stay visible "for a short while"; AWS: about an hour. */
const visibleAfterTerminationMilliseconds = 3_600_000;

/**
 * The instances of the emulated account and their life: pending → running (→ stopping → stopped) →
 * shutting-down → terminated.
 */
export class Ec2Model {
  readonly network: Network;
  /** Instances that came with {@link addInstance}: role by instance id. */
  private readonly roles = new Map<string, string>();
  private readonly instances = new Map<string, Instance>();
  /** Changes so far, and the newest of them that calls show. */
  private readonly changes = new WeakMap<Instance, number>();
  private readonly shownChanges = new WeakMap<Instance, number>();

  constructor(private readonly options: ModelOptions) {
    this.network = options.network ?? new Network();
    options.machines.onPowerOff((instanceId) => {
      const instance = this.instances.get(instanceId);
      if (instance === undefined) return;
      const reason = ['Client.InstanceInitiatedShutdown', 'Instance initiated shutdown'] as const;
      if (instance.spec.shutdownBehavior === 'terminate') this.terminate(instance, ...reason);
      else void this.stop(instance, ...reason);
    });
  }

  /** Registers an instance that runs already, such as Server A. */
  addInstance(existing: ExistingInstance): void {
    const [subnet] = localNetwork.subnets;
    const { instanceId, privateIpAddress } = existing;
    const spec: InstanceSpec = {
      instanceId,
      reservationId: this.options.ids.resource('r'),
      imageId: 'ami-00000000000000000',
      instanceType: 'c6i.xlarge',
      lifecycle: 'on-demand',
      vpcId: localNetwork.vpcId,
      subnetId: subnet?.subnetId ?? '',
      availabilityZone: subnet?.availabilityZone ?? '',
      privateIpAddress,
      publicIpAddress: this.network.publicAddress(),
      securityGroupIds: [],
      userData: '',
      metadataOptions: {
        httpTokens: 'required',
        httpPutResponseHopLimit: 1,
        instanceMetadataTags: 'disabled',
      },
      shutdownBehavior: 'stop',
      blockDevices: [],
      launchTime: this.options.clock.now(),
      clientToken: '',
    };
    this.instances.set(instanceId, {
      spec,
      state: 'running',
      tags: new Map(Object.entries(existing.tags)),
    });
    if (existing.profileRoleArn !== undefined) this.roles.set(instanceId, existing.profileRoleArn);
  }

  /**
   * Starts one instance; it is `pending` until its machine runs. Throws when the tags break EC2's
   * rules.
   */
  launch(spec: InstanceSpec, tags: ReadonlyMap<string, string>): Instance {
    checkTags(tags, spec.metadataOptions.instanceMetadataTags);
    const instance: Instance = {
      spec,
      state: 'pending',
      tags: new Map(tags),
      shown: 'notYet',
      ...(isXen(spec.instanceType) ? { bootTags: new Map(tags) } : {}),
    };
    this.instances.set(spec.instanceId, instance);
    this.changed(instance);
    this.announce(instance);
    void this.boot(instance);
    return instance;
  }

  private async boot(instance: Instance): Promise<void> {
    const { instanceId, privateIpAddress, userData, imageId, shutdownBehavior } = instance.spec;
    const decoded = Buffer.from(userData, 'base64').toString('utf8');
    try {
      await Promise.all([
        this.options.clock.sleep(shortestPendingMilliseconds),
        this.options.machines.launch({
          instanceId,
          privateIpAddress,
          userData: decoded,
          imageId,
          ...(shutdownBehavior === 'stop' ? { disk: 'kept' } : {}),
        }),
      ]);
    } catch (error) {
      this.terminate(
        instance,
        'Server.InternalError',
        `Internal error on launch: ${String(error)}`,
      );
      return;
    }
    if (instance.state === 'pending') this.enter(instance, 'running');
    else if (isEnding(instance)) await this.options.machines.terminate(instanceId);
  }

  /** Terminates; an instance that is terminated or on its way stays as it is. */
  terminate(instance: Instance, code: string, message: string): void {
    if (isEnding(instance)) return;
    instance.shown ??= conditionOf(instance);
    instance.stateReason = { code, message: `${code}: ${message}` };
    this.enter(instance, 'shutting-down');
    void this.shutDown(instance);
  }

  /** Its machine has powered off, and its disk stays. */
  private async stop(instance: Instance, code: string, message: string): Promise<void> {
    if (isEnding(instance)) return;
    instance.shown ??= conditionOf(instance);
    instance.stateReason = { code, message: `${code}: ${message}` };
    this.enter(instance, 'stopping');
    await this.options.clock.sleep(shortestPendingMilliseconds);
    if (!isEnding(instance)) this.enter(instance, 'stopped');
  }

  private async shutDown(instance: Instance): Promise<void> {
    await Promise.all([
      this.options.clock.sleep(shortestPendingMilliseconds),
      this.options.machines.terminate(instance.spec.instanceId),
    ]);
    instance.terminatedAt = this.options.clock.now();
    this.enter(instance, 'terminated');
  }

  private enter(instance: Instance, state: InstanceState): void {
    this.change(instance, () => (instance.state = state));
    this.announce(instance);
  }

  /**
   * Changes an instance; describe calls tell of it some time later, of one change after the other.
   */
  change(instance: Instance, alter: () => void): void {
    instance.shown ??= conditionOf(instance);
    alter();
    this.changed(instance);
  }

  private changed(instance: Instance): void {
    const delay = this.options.delay?.() ?? 0;
    const order = (this.changes.get(instance) ?? 0) + 1;
    this.changes.set(instance, order);
    if (delay === 0) {
      delete instance.shown;
      return;
    }
    const condition = conditionOf(instance);
    void this.options.clock.sleep(delay).then(() => {
      if ((this.shownChanges.get(instance) ?? 0) > order) return;
      this.shownChanges.set(instance, order);
      if (this.changes.get(instance) === order) delete instance.shown;
      else instance.shown = condition;
    });
  }

  private announce(instance: Instance): void {
    this.options.events.publish({
      detailType: 'EC2 Instance State-change Notification',
      instanceId: instance.spec.instanceId,
      detail: { 'instance-id': instance.spec.instanceId, state: instance.state },
    });
  }

  /** All instances that EC2 still shows, oldest first. */
  all(): readonly Instance[] {
    const horizon = this.options.clock.now().getTime() - visibleAfterTerminationMilliseconds;
    for (const [id, { terminatedAt }] of this.instances) {
      if (terminatedAt !== undefined && terminatedAt.getTime() < horizon) this.instances.delete(id);
    }
    return [...this.instances.values()];
  }

  /** All instances as describe calls show them, oldest first: a new one only after a while. */
  shown(): readonly InstanceView[] {
    return this.all().flatMap((instance) => viewOf(instance) ?? []);
  }

  find(instanceId: string): Instance | undefined {
    return this.instances.get(instanceId);
  }

  /**
   * The named instances, as they are; throws `InvalidInstanceID.Malformed` or `.NotFound` when any
   * of them is not there.
   */
  require(instanceIds: readonly string[]): readonly Instance[] {
    const malformed = instanceIds.find((id) => !/^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(id));
    if (malformed !== undefined) {
      throw new AwsError('InvalidInstanceID.Malformed', `Invalid id: "${malformed}"`);
    }
    const missing = instanceIds.filter((id) => {
      const instance = this.instances.get(id);
      return instance === undefined || instance.shown === 'notYet';
    });
    if (missing.length > 0) {
      const [what, verb] = missing.length === 1 ? ['ID', 'does'] : ['IDs', 'do'];
      throw new AwsError(
        'InvalidInstanceID.NotFound',
        `The instance ${what} '${missing.join(', ')}' ${verb} not exist`,
      );
    }
    return instanceIds.flatMap((id) => this.instances.get(id) ?? []);
  }

  /** The live instance that has an address: the identity that IMDS goes by. */
  findByAddress(address: string): Instance | undefined {
    return [...this.instances.values()].find(
      ({ spec, state }) => spec.privateIpAddress === address && state !== 'terminated',
    );
  }

  /** Role ARN of an instance from {@link addInstance}. */
  existingRoleArn(instanceId: string): string | undefined {
    return this.roles.get(instanceId);
  }
}

function conditionOf({ state, tags, stateReason }: Instance): InstanceCondition {
  return { state, tags: new Map(tags), ...(stateReason === undefined ? {} : { stateReason }) };
}

/** An instance as calls show it; undefined while they do not show it. */
export function viewOf(instance: Instance): InstanceView | undefined {
  if (instance.shown === 'notYet') return undefined;
  const { spec, terminatedAt, fleetId, shown = instance } = instance;
  const { state, tags, stateReason } = shown;
  return {
    spec,
    state,
    tags,
    ...(stateReason === undefined ? {} : { stateReason }),
    ...(terminatedAt === undefined ? {} : { terminatedAt }),
    ...(fleetId === undefined ? {} : { fleetId }),
  };
}

function isEnding({ state }: Instance): boolean {
  return state === 'terminated' || state === 'shutting-down';
}
