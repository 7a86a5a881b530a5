/**
 * AWS's list prices that the control plane's bill is made of: us-east-1, from the price pages of
 * each service as of 2025-11, in dollars, without the free tier. Instances, traffic and their
 * prices are those of `jitsi-bridges simulate`.
 */
export const prices = {
  source: "AWS's price pages, us-east-1, November 2025, without the free tier",
  cloudWatch: {
    /** A custom metric for a month, by the hours in which it has values. First 10 000 metrics. */
    metricMonth: 0.3,
    /** A metric asked for with GetMetricData. */
    metricRead: 0.01 / 1000,
    /** A request of PutMetricData. */
    put: 0.01 / 1000,
    alarmMonth: 0.1,
    /** A GB of logs taken in. */
    logGigabyte: 0.5,
  },
  lambda: { gigabyteSecond: 0.0000133334, request: 0.2 / 1e6 },
  scheduler: { invocation: 1 / 1e6 },
  kms: { request: 0.03 / 10_000 },
  /** An interface endpoint in one zone. */
  endpoint: { hour: 0.01, gigabyte: 0.01 },
  natGigabyte: 0.045,
  /** What every bridge costs besides its instance: a GiB of gp3 for a month, a public address. */
  bridge: { gibibyteMonth: 0.08, addressHour: 0.005 },
} as const;
