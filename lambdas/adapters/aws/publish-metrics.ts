import { PutMetricDataCommand, type CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { metricNamespace } from '../../core/protocol/metrics';

/** One value of one metric in our namespace. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: 'Count' | 'None' | 'Seconds';
  readonly dimensions: Readonly<Record<string, string>>;
  /** What it is for, if not the time of the others; CloudWatch takes up to two hours ahead. */
  readonly time?: Date;
}

/** Publishes measurements, all with the same time unless they have their own. */
export type PublishMetrics = (measurements: readonly Measurement[], time: Date) => Promise<void>;

/** PutMetricData takes at most 1000 metrics and 1 MB per request; ours have some 300 bytes each. */
const batch = 1000;

export function publishMetricsTo(client: CloudWatchClient): PublishMetrics {
  return async (measurements, time) => {
    for (let start = 0; start < measurements.length; start += batch)
      await client.send(
        new PutMetricDataCommand({
          Namespace: metricNamespace,
          MetricData: measurements.slice(start, start + batch).map((measurement) => ({
            MetricName: measurement.name,
            Value: storable(measurement.value),
            Unit: measurement.unit,
            Timestamp: measurement.time ?? time,
            Dimensions: Object.entries(measurement.dimensions).map(([Name, Value]) => ({
              Name,
              Value,
            })),
          })),
        }),
      );
  };
}

/**
 * CloudWatch refuses a whole request for one number that is too close to 0; six digits are plenty.
 */
function storable(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
