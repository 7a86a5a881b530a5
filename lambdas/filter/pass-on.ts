import { z } from 'zod';

/**
 * EventBridge's news of one EC2 instance: its state, an interruption, a rebalance recommendation.
 */
const instanceNews = z.object({
  source: z.literal('aws.ec2'),
  detail: z.object({ 'instance-id': z.string().regex(/^i-[0-9a-f]{8,17}$/) }),
});

export interface FilterPorts {
  /** Whether an instance is the fleet's. */
  readonly isOurs: (instanceId: string) => Promise<boolean>;
  /** Hands the event to the scaler; resolves when Lambda has taken it. */
  readonly passOn: (event: unknown) => Promise<void>;
}

export type Filtered = 'passedOn' | 'ofOthers' | 'notAnInstanceEvent';

/**
 * Passes an event on when it tells of an instance of the fleet. When EC2 cannot be asked the event
 * passes: a tick too many is harmless, a spot notice that is lost is not.
 */
export async function filterEvent(ports: FilterPorts, event: unknown): Promise<Filtered> {
  const news = instanceNews.safeParse(event);
  if (!news.success) return 'notAnInstanceEvent';
  const isOurs = await ports.isOurs(news.data.detail['instance-id']).catch(() => true);
  if (!isOurs) return 'ofOthers';
  await ports.passOn(event);
  return 'passedOn';
}
