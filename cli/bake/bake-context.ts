/** The machine that an image is made of, as EC2 shows it. */
export interface BakeMachine {
  readonly state: 'pending' | 'running' | 'stopping' | 'stopped' | 'ended';
  /** EC2's word for why it stopped or ended, like `Client.InstanceInitiatedShutdown`. */
  readonly stateReason: string;
  /** What kind of image its launch template makes; see `lambdas/core/baked-image.ts`. */
  readonly recipe: string;
}

/** One image of the fleet. */
export interface FleetImage {
  readonly imageId: string;
  readonly name: string;
  readonly recipe: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly snapshotIds: readonly string[];
  readonly state: 'pending' | 'available' | 'failed';
  /** Why it failed. */
  readonly stateReason: string;
}

/** AWS as far as baking needs it; tests put a fake here. */
export interface BakeContext {
  /** Launches one machine. @returns its instance id */
  launch(templateId: string, instanceType: string | undefined): Promise<string>;
  /** Undefined while EC2 does not list it yet. */
  look(instanceId: string): Promise<BakeMachine | undefined>;
  /** Text of its console so far; empty when EC2 has nothing yet. */
  console(instanceId: string): Promise<string>;
  /** Ends a machine; one that is gone is no error. */
  terminate(instanceId: string): Promise<void>;
  /** Machines of earlier runs for this fleet that are still there. */
  leftovers(fleet: string): Promise<readonly string[]>;
  /** @returns id of the image, which is pending */
  createImage(instanceId: string, fleet: string, name: string, recipe: string): Promise<string>;
  /** Images of the fleet, newest first. */
  images(fleet: string): Promise<readonly FleetImage[]>;
  /** Deregisters an image and deletes its snapshots. */
  removeImage(image: FleetImage): Promise<void>;
  /** Writes the fleet's parameter `image`. */
  store(fleet: string, text: string): Promise<void>;
  /** Removes it; nothing to do when there is none. */
  forget(fleet: string): Promise<void>;
  /** Epoch milliseconds. */
  now(): number;
  /** Rejects at once when the operator gives up. */
  pause(seconds: number): Promise<void>;
  /** Tells the operator what happens. */
  progress(text: string): void;
}
