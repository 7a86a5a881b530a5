import type { RetentionDays } from 'aws-cdk-lib/aws-logs';

/**
 * Days that CloudWatch Logs can keep a log group; 9999 is for ever. The values of CDK's
 * enumeration.
 */
export const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653, 9999,
] as unknown as readonly RetentionDays[];

/** `RetentionDays.ONE_MONTH`. */
export const oneMonth = 30 as unknown as RetentionDays;
