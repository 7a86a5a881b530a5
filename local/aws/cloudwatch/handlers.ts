import type { Handler } from '../handler';
import type { CloudWatch } from './cloudwatch';
import { getMetricData } from './get-metric-data';
import { getMetricStatistics } from './get-metric-statistics';
import { listMetrics } from './list-metrics';
import { putMetricData } from './put-metric-data';

/** CloudWatch's metrics; alarms and the rest are the emulator's. */
export function cloudWatchHandlers(cloudWatch: CloudWatch): Readonly<Record<string, Handler>> {
  return {
    GetMetricData: getMetricData(cloudWatch),
    GetMetricStatistics: getMetricStatistics(cloudWatch),
    ListMetrics: listMetrics(cloudWatch),
    PutMetricData: putMetricData(cloudWatch),
  };
}
