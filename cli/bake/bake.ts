import type { BakedImage } from '../../lambdas/core/protocol/baked-image';
import { awaitMachine } from './await-machine';
import type { BakeWorld } from './bake-world';
import { makeImage } from './make-image';

/** Images of the fleet that stay: the one in use, and the one before it. */
export const keptImages = 2;

export interface BakeOrder {
  readonly fleet: string;
  readonly templateId: string;
  /** In place of the template's. */
  readonly instanceType?: string | undefined;
}

export interface BakeResult extends BakedImage {
  readonly ok: true;
  readonly name: string;
  /** From the launch of the machine to its power off. */
  readonly installSeconds: number;
  readonly totalSeconds: number;
  /** Older images that were removed. */
  readonly removedImageIds: readonly string[];
}

/**
 * Makes a prebaked image of what the fleet is deployed with, and has the scaler launch from it.
 * The machine that it is made of is ended in any case; should this program be killed, the next run
 * ends it.
 *
 * @throws BakeFailed, and whatever AWS refuses; then the fleet goes on with the image it had
 */
export async function bake(world: BakeWorld, order: BakeOrder): Promise<BakeResult> {
  const { fleet, templateId, instanceType } = order;
  await endLeftovers(world, fleet);
  const began = world.now();
  const elapsed = (): number => Math.round((world.now() - began) / 1000);
  const say = (text: string): void => world.progress(`${String(elapsed()).padStart(5)}s  ${text}`);
  const instanceId = await world.launch(templateId, instanceType);
  try {
    say(`launched ${instanceId}`);
    const recipe = await awaitMachine(world, instanceId, say);
    const installSeconds = elapsed();
    const { imageId, name } = await makeImage(world, { instanceId, fleet, recipe }, say);
    const image: BakedImage = { imageId, recipe };
    await world.store(fleet, JSON.stringify(image));
    say(`new bridges are launched from ${imageId} from now on`);
    const removedImageIds = await removeOld(world, fleet);
    const totalSeconds = elapsed();
    return { ok: true, ...image, name, installSeconds, totalSeconds, removedImageIds };
  } finally {
    await world.terminate(instanceId);
  }
}

/** Removes all images of a fleet and has it launch from the configured one again. */
export async function unbake(world: BakeWorld, fleet: string): Promise<readonly string[]> {
  await endLeftovers(world, fleet);
  // First what points to them: nothing must launch from an image that goes.
  await world.forget(fleet);
  const images = await world.images(fleet);
  for (const image of images) await world.removeImage(image);
  return images.map(({ imageId }) => imageId);
}

async function endLeftovers(world: BakeWorld, fleet: string): Promise<void> {
  for (const instanceId of await world.leftovers(fleet)) {
    world.progress(`terminating ${instanceId}, left behind by an earlier run`);
    await world.terminate(instanceId);
  }
}

/** The image in use is the newest. */
async function removeOld(world: BakeWorld, fleet: string): Promise<readonly string[]> {
  const old = (await world.images(fleet)).slice(keptImages);
  for (const image of old) await world.removeImage(image);
  return old.map(({ imageId }) => imageId);
}
