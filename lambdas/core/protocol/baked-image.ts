import { z } from 'zod';
import { printable } from './printable';
import type { ReadingReason } from './reason';

/**
 * An image that has the bridge's software already. `jitsi-bridges bake` makes it and stores it in
 * the parameter `image`; the scaler launches from it as long as it was made by the recipe of the
 * deployment.
 */
export interface BakedImage {
  readonly imageId: string;
  /**
   * What it was made of: `<generation>/<package version>/<digest>`, the digest being of everything
   * else that the configuration says of its disk. Another recipe, another image.
   */
  readonly recipe: string;
}

const schema = z.object({
  imageId: z.string().regex(/^ami-[0-9a-f]{8,17}$/),
  recipe: z.string().min(1),
});

/** The stored text of an image, or undefined for any other text. */
export function parseBakedImage(text: string): BakedImage | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * The image to launch from; without one the launch template's is used, and `problem` says why if
 * there is one stored.
 */
export function usableImage(
  stored: string | undefined,
  wantedRecipe: string | undefined,
): { readonly imageId?: string; readonly problem?: ReadingReason } {
  if (stored === undefined || wantedRecipe === undefined) return {};
  const image = parseBakedImage(stored);
  if (image === undefined) return { problem: { code: 'ImageUnreadable' } };
  const { imageId, recipe } = image;
  if (recipe !== wantedRecipe)
    return {
      problem: { code: 'ImageOutdated', imageId, recipe: printable(recipe), wantedRecipe },
    };
  return { imageId };
}
