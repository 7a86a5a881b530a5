import { z } from 'zod';
import { AwsError } from '../errors';

/**
 * Types of members whose wire form depends on the protocol: JSON has numbers and booleans, forms
 * have text.
 */
export const wireNumber = z.coerce.number();
export const wireBoolean = z.union([
  z.boolean(),
  z.enum(['true', 'false']).transform((text) => text === 'true'),
]);
/** JSON: epoch seconds; forms: ISO 8601. */
export const wireTime = z.union([z.number(), z.string()]).transform((value, context) => {
  const time = typeof value === 'number' ? new Date(value * 1000) : new Date(value);
  if (!Number.isNaN(time.getTime())) return time;
  context.addIssue({ code: 'custom', message: 'is not a time' });
  return z.NEVER;
});
/** A list; a form writes an empty one as empty text. */
export function wireList<T extends z.ZodType>(element: T) {
  return z.preprocess((value) => (value === '' ? [] : value), z.array(element)).default([]);
}

/** Parses wire input; an input that does not fit throws `code`, naming the member. */
export function parseInput<T extends z.ZodType>(
  schema: T,
  input: unknown,
  code: string,
): z.output<T> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new AwsError(code, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
}
