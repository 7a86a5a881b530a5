import type { BakedImage } from '../../lambdas/core/protocol/baked-image';
import { awaitMachine } from './await-machine';
import type { BakeContext } from './bake-context';
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
export async function bake(context: BakeContext, order: BakeOrder): Promise<BakeResult> {
  const { fleet, templateId, instanceType } = order;
  await endLeftovers(context, fleet);
  const began = context.now();
  const elapsed = (): number => Math.round((context.now() - began) / 1000);
  const say = (text: string): void =>
    context.progress(`${String(elapsed()).padStart(5)}s  ${text}`);
  const instanceId = await context.launch(templateId, instanceType);
  try {
    say(`launched ${instanceId}`);
    const recipe = await awaitMachine(context, instanceId, say);
    const installSeconds = elapsed();
    const { imageId, name } = await makeImage(context, { instanceId, fleet, recipe }, say);
    const image: BakedImage = { imageId, recipe };
    await context.store(fleet, JSON.stringify(image));
    say(`new bridges are launched from ${imageId} from now on`);
    const removedImageIds = await removeOld(context, fleet);
    const totalSeconds = elapsed();
    return { ok: true, ...image, name, installSeconds, totalSeconds, removedImageIds };
  } finally {
    await context.terminate(instanceId);
  }
}

/** Removes all images of a fleet and has it launch from the configured one again. */
export async function unbake(context: BakeContext, fleet: string): Promise<readonly string[]> {
  await endLeftovers(context, fleet);
  // First what points to them: nothing must launch from an image that goes.
  await context.forget(fleet);
  const images = await context.images(fleet);
  for (const image of images) await context.removeImage(image);
  return images.map(({ imageId }) => imageId);
}

async function endLeftovers(context: BakeContext, fleet: string): Promise<void> {
  for (const instanceId of await context.leftovers(fleet)) {
    context.progress(`terminating ${instanceId}, left behind by an earlier run`);
    await context.terminate(instanceId);
  }
}

/** The image in use is the newest. */
async function removeOld(context: BakeContext, fleet: string): Promise<readonly string[]> {
  const old = (await context.images(fleet)).slice(keptImages);
  for (const image of old) await context.removeImage(image);
  return old.map(({ imageId }) => imageId);
}
