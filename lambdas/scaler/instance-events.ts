import { z } from 'zod';
import type { Instances } from './ports';

/** EventBridge's news of one EC2 instance: its state, an interruption, a rebalance recommendation. */
const instanceNews = z.object({
  source: z.literal('aws.ec2'),
  detail: z.object({ 'instance-id': z.string().regex(/^i-[0-9a-f]{8,17}$/) }),
});

/**
 * Whether the event tells of an instance that is none of the fleet. EventBridge cannot filter by
 * tag, and in an account where others start and stop all day a tick for each of them would cost money
 * and keep the only execution busy that the operator's commands have.
 */
export async function isEventOfOthers(
  event: unknown,
  instances: Pick<Instances, 'has'>,
): Promise<boolean> {
  const news = instanceNews.safeParse(event);
  return news.success && !(await instances.has(news.data.detail['instance-id']));
}
