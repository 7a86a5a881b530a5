import { BakeFailed } from '../../../cli/bake/bake-failed';
import type { BakeMachine, BakeContext, FleetImage } from '../../../cli/bake/bake-context';

export const recipe = 'component/1126-1/0a1b2c3d';

/** What the machine is at a time after its launch. */
export interface Moment {
  readonly atSeconds: number;
  readonly state: BakeMachine['state'];
  readonly stateReason?: string;
  /** Lines that the console has by then. */
  readonly says?: readonly string[];
}

const good: readonly Moment[] = [
  { atSeconds: 0, state: 'pending' },
  {
    atSeconds: 20,
    state: 'running',
    says: ['cloud-init: hello', 'jitsi-bridges: stage install done in 9s'],
  },
  {
    atSeconds: 60,
    state: 'stopped',
    stateReason: 'Client.InstanceInitiatedShutdown',
    says: ['jitsi-bridges: baked'],
  },
];

/** One account with one fleet; remembers what was done, in order. */
export class FakeBakeContext implements BakeContext {
  seconds = 0;
  readonly done: string[] = [];
  readonly told: string[] = [];
  readonly machines = new Set<string>();
  stored: string | undefined;
  story: readonly Moment[] = good;
  /** How EC2 ends the making of an image. */
  imageEnd: FleetImage['state'] = 'available';
  imageSeconds = 100;
  /** Operator's Ctrl-C after so many seconds. */
  interruptedAt = Infinity;
  existing: FleetImage[] = [];
  private pendingSince = 0;

  launch(): Promise<string> {
    this.machines.add('i-1');
    return this.note('launch', 'i-1');
  }
  look(): Promise<BakeMachine | undefined> {
    const now = this.past().at(-1);
    return Promise.resolve(now && { state: now.state, stateReason: now.stateReason ?? '', recipe });
  }
  console(): Promise<string> {
    return Promise.resolve(
      this.past()
        .flatMap(({ says = [] }) => says)
        .join('\r\n'),
    );
  }
  terminate(instanceId: string): Promise<void> {
    this.machines.delete(instanceId);
    return this.note(`terminate ${instanceId}`, undefined);
  }
  leftovers(): Promise<readonly string[]> {
    return Promise.resolve([...this.machines]);
  }
  createImage(instanceId: string, _: string, name: string, made: string): Promise<string> {
    this.pendingSince = this.seconds;
    const imageId = `ami-${String(this.existing.length).padStart(8, '0')}`;
    this.existing.unshift(image(imageId, { state: 'pending', name, recipe: made }));
    return this.note(`image of ${instanceId}`, imageId);
  }
  images(): Promise<readonly FleetImage[]> {
    const ready = this.seconds - this.pendingSince >= this.imageSeconds;
    this.existing = this.existing.map((one) =>
      one.state === 'pending' && ready ? { ...one, state: this.imageEnd } : one,
    );
    return Promise.resolve(this.existing);
  }
  removeImage({ imageId }: FleetImage): Promise<void> {
    this.existing = this.existing.filter((one) => one.imageId !== imageId);
    return this.note(`remove ${imageId}`, undefined);
  }
  store(_: string, text: string): Promise<void> {
    this.stored = text;
    return this.note('store', undefined);
  }
  forget(): Promise<void> {
    this.stored = undefined;
    return this.note('forget', undefined);
  }
  now(): number {
    return this.seconds * 1000;
  }
  pause(seconds: number): Promise<void> {
    this.seconds += seconds;
    if (this.seconds < this.interruptedAt) return Promise.resolve();
    return Promise.reject(new BakeFailed('interrupted by the operator'));
  }
  progress(text: string): void {
    this.told.push(text);
  }

  private past(): readonly Moment[] {
    return this.story.filter(({ atSeconds }) => atSeconds <= this.seconds);
  }
  private note<T>(what: string, value: T): Promise<T> {
    this.done.push(what);
    return Promise.resolve(value);
  }
}

export function image(imageId: string, changes: Partial<FleetImage> = {}): FleetImage {
  return {
    imageId,
    name: imageId,
    recipe,
    createdAt: '2026-01-01T00:00:00Z',
    snapshotIds: [`snap-${imageId}`],
    state: 'available',
    stateReason: 'no space',
    ...changes,
  };
}
