import { BakeFailed } from './bake-failed';
import type { BakeContext, FleetImage } from './bake-context';

const lookSeconds = 10;
const longestSeconds = 3600;

/**
 * Makes an image of a stopped machine and waits until it can be launched from. One that was not
 * waited for to the end is removed again.
 *
 * @throws BakeFailed when EC2 fails to make it, or takes an hour
 */
export async function makeImage(
  context: BakeContext,
  machine: { readonly instanceId: string; readonly fleet: string; readonly recipe: string },
  say: (text: string) => void,
): Promise<FleetImage> {
  const { instanceId, fleet, recipe } = machine;
  const name = imageName(fleet, recipe, context.now());
  const imageId = await context.createImage(instanceId, fleet, name, recipe);
  say(`image ${imageId} (${name}): EC2 copies the disk`);
  try {
    return await untilAvailable(context, fleet, imageId);
  } catch (error) {
    const image = (await context.images(fleet)).find((one) => one.imageId === imageId);
    if (image !== undefined) await context.removeImage(image);
    throw error;
  }
}

async function untilAvailable(
  context: BakeContext,
  fleet: string,
  imageId: string,
): Promise<FleetImage> {
  const end = context.now() + longestSeconds * 1000;
  for (;;) {
    const image = (await context.images(fleet)).find((one) => one.imageId === imageId);
    if (image?.state === 'available') return image;
    if (image?.state === 'failed')
      throw new BakeFailed(`EC2 could not create image ${imageId}: ${image.stateReason}`);
    if (context.now() >= end)
      throw new BakeFailed(
        `image ${imageId} was not available after ${longestSeconds / 60} minutes`,
      );
    await context.pause(lookSeconds);
  }
}

/** EC2 takes 128 characters, of a set without `~` and `+`. */
function imageName(fleet: string, recipe: string, now: number): string {
  const date = new Date(now).toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
  const what = recipe.replace(/[^\w.-]/g, '-').slice(0, 60);
  return `jitsi-bridges-${fleet}-${what}-${date}`;
}
