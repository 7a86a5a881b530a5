import { z } from 'zod';

const schema = z
  .object({ rotate: z.array(z.string().regex(/^i-[0-9a-f]{8,17}$/)).max(10) })
  .transform(({ rotate }) => rotate);

/**
 * Instances whose secret an event asks to replace, `{"rotate":["i-…"]}`; none for any other event,
 * such as a schedule or the scaler's news.
 *
 * @throws ZodError when it asks for something else than instances
 */
export function rotationOf(event: unknown): readonly string[] {
  if (typeof event !== 'object' || event === null || !('rotate' in event)) return [];
  return schema.parse(event);
}
