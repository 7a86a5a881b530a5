import { z } from 'zod';
import type { Clock } from '../clock';
import { wireList } from '../protocol/input';
import type { MetricStore } from './metric-store';

/** What the CloudWatch handlers work with. */
export interface CloudWatch {
  readonly store: MetricStore;
  readonly clock: Clock;
  /** Draws how many milliseconds after a PutMetricData its data can be read. @default at once */
  readonly delay?: () => number;
}

export const dimensionsSchema = wireList(
  z.object({ Name: z.string().min(1), Value: z.string().min(1) }),
);
