import { z } from 'zod';

/**
 * What CloudFormation sends for a custom resource, as far as it is needed. CloudFormation turns
 * every value of the properties into text.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
 */
const requestSchema = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  RequestId: z.string(),
  ResponseURL: z.url(),
  StackId: z.string(),
  LogicalResourceId: z.string(),
  ResourceProperties: z.record(z.string(), z.unknown()),
});
export type Request = z.infer<typeof requestSchema>;

/** @throws Error that names each field at fault, and no values: the response's address lets its bearer answer */
export function parseRequest(event: unknown): Request {
  const parsed = requestSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new Error(`Not a request of CloudFormation: ${z.prettifyError(parsed.error)}`);
}

const orderSchema = z
  .object({ step: z.enum(['empty', 'sweep']), force: z.enum(['true', 'false']) })
  .transform(({ step, force }) => ({ step, calls: force === 'true' ? 'end' : 'keep' }) as const);

/** One of the two custom resources: what its deletion does, and what becomes of running calls. */
export type Order = z.infer<typeof orderSchema>;

/** @throws Error that names each property at fault */
export function orderOf({ ResourceProperties }: Request): Order {
  const parsed = orderSchema.safeParse(ResourceProperties);
  if (parsed.success) return parsed.data;
  throw new Error(`Properties of the custom resource: ${z.prettifyError(parsed.error)}`);
}
