import type { MachineHost } from '../../machines/machine-host';
import type { Clock } from '../clock';
import { AwsError } from '../errors';
import type { Ids } from '../ids';
import type { Instance } from './instance';

/** An image that this account made. */
export interface MadeImage {
  readonly imageId: string;
  readonly snapshotId: string;
  readonly name: string;
  readonly description: string;
  readonly createdAt: Date;
  readonly tags: ReadonlyMap<string, string>;
  state: 'pending' | 'available' | 'failed';
  stateReason?: string;
}

export interface ImagesOptions {
  readonly machines: MachineHost;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** EC2 copies a disk for minutes; nothing may rely on it being faster than this. */
const shortestPendingMilliseconds = 3000;

/**
 * Images of the account's own. Any other id is a public image, whatever it is: machines have one
 * system.
 */
export class Images {
  private readonly images = new Map<string, MadeImage>();
  private readonly deregistered = new Set<string>();
  /** Snapshots of images, which outlive them. */
  private readonly snapshots = new Set<string>();

  constructor(private readonly options: ImagesOptions) {}

  /** Pending until the disk is copied. Throws `IncorrectState`, `InvalidAMIName.Duplicate`. */
  create(
    instance: Instance,
    settings: Pick<MadeImage, 'name' | 'description' | 'tags'>,
  ): MadeImage {
    const { instanceId } = instance.spec;
    if (instance.state !== 'stopped')
      throw new AwsError('IncorrectState', `The local EC2 copies disks of stopped instances only`);
    const taken = this.all().find(({ name }) => name === settings.name);
    if (taken !== undefined)
      throw new AwsError(
        'InvalidAMIName.Duplicate',
        `AMI name ${settings.name} is already in use by AMI ${taken.imageId}`,
      );
    const { ids, clock } = this.options;
    const image: MadeImage = {
      ...settings,
      imageId: ids.resource('ami'),
      snapshotId: ids.resource('snap'),
      createdAt: clock.now(),
      state: 'pending',
    };
    this.images.set(image.imageId, image);
    this.snapshots.add(image.snapshotId);
    void this.copy(instanceId, image);
    return image;
  }

  private async copy(instanceId: string, image: MadeImage): Promise<void> {
    try {
      await Promise.all([
        this.options.clock.sleep(shortestPendingMilliseconds),
        this.options.machines.createImage(instanceId, image.imageId),
      ]);
      image.state = 'available';
    } catch (error) {
      image.state = 'failed';
      image.stateReason = String(error);
    }
  }

  all(): readonly MadeImage[] {
    return [...this.images.values()];
  }

  has(imageId: string): boolean {
    return this.images.has(imageId);
  }

  /** Throws `InvalidAMIID.NotFound`. Machines that run from it go on. */
  deregister(imageId: string): void {
    if (!this.images.delete(imageId)) throw notFound(imageId);
    this.deregistered.add(imageId);
  }

  /** Throws `InvalidSnapshot.InUse` and `InvalidSnapshot.NotFound`. */
  deleteSnapshot(snapshotId: string): void {
    const user = this.all().find((image) => image.snapshotId === snapshotId);
    if (user !== undefined)
      throw new AwsError(
        'InvalidSnapshot.InUse',
        `The snapshot ${snapshotId} is currently in use by ${user.imageId}`,
      );
    if (!this.snapshots.delete(snapshotId))
      throw new AwsError(
        'InvalidSnapshot.NotFound',
        `The snapshot '${snapshotId}' does not exist.`,
      );
  }

  /** Throws when EC2 would refuse to launch from it. */
  check(imageId: string): void {
    if (this.deregistered.has(imageId)) throw notFound(imageId);
    const state = this.images.get(imageId)?.state ?? 'available';
    if (state !== 'available')
      throw new AwsError(
        'InvalidAMIID.Unavailable',
        `The image ID '[${imageId}]' is not available`,
      );
  }
}

function notFound(imageId: string): AwsError {
  return new AwsError('InvalidAMIID.NotFound', `The image id '[${imageId}]' does not exist`);
}
