import {
  GetMetricDataCommand,
  PutMetricDataCommand,
  type CloudWatchClient,
  type GetMetricDataCommandInput,
  type GetMetricDataCommandOutput,
  type PutMetricDataCommandInput,
} from '@aws-sdk/client-cloudwatch';

/** What CloudWatch charges for. */
export interface Usage {
  readonly metricsRead: number;
  readonly readRequests: number;
  readonly puts: number;
  /** Hours in which a metric had values, summed over all metrics. */
  readonly metricHours: number;
  readonly bytesPut: number;
}

interface Stored {
  readonly at: number;
  readonly readableAt: number;
  readonly value: number;
}

/** Values older than this are forgotten; the load's history is read for longer. */
const keptSeconds = 1200;

/**
 * CloudWatch as far as the functions use it, which counts what they ask and publish. What is
 * published can be read some seconds later, as with AWS.
 */
export class MeteredCloudWatch {
  private readonly values = new Map<string, Stored[]>();
  private readonly hours = new Set<string>();
  private readonly counts = { metricsRead: 0, readRequests: 0, puts: 0, bytesPut: 0 };

  /** @param now epoch seconds */
  constructor(
    private readonly now: () => number,
    private readonly delaySeconds: number,
  ) {}

  get usage(): Usage {
    return { ...this.counts, metricHours: this.hours.size };
  }

  get client(): CloudWatchClient {
    return { send: (command: unknown) => this.send(command) } as unknown as CloudWatchClient;
  }

  private send(command: unknown): Promise<unknown> {
    if (command instanceof PutMetricDataCommand) return Promise.resolve(this.put(command.input));
    if (command instanceof GetMetricDataCommand) return Promise.resolve(this.get(command.input));
    throw new Error('CloudWatch is asked for something that has no price here');
  }

  private put(input: PutMetricDataCommandInput): object {
    this.counts.puts += 1;
    const [first] = input.MetricData ?? [];
    // All have much the same length.
    this.counts.bytesPut += JSON.stringify(first).length * (input.MetricData?.length ?? 0);
    for (const { MetricName, Dimensions = [], Timestamp, Value = 0 } of input.MetricData ?? []) {
      const key = keyOf(MetricName, Dimensions);
      const at = Math.floor((Timestamp?.getTime() ?? 0) / 1000);
      this.hours.add(`${Math.floor(at / 3600)} ${key}`);
      const stored = this.values.get(key) ?? [];
      stored.push({ at, readableAt: this.now() + this.delaySeconds, value: Value });
      const isKept = key.startsWith('Load ') ? () => true : this.isYoung;
      this.values.set(key, stored.length % 30 === 0 ? stored.filter(isKept) : stored);
    }
    return {};
  }

  private readonly isYoung = ({ at }: Stored): boolean => at >= this.now() - keptSeconds;

  private get(input: GetMetricDataCommandInput): Partial<GetMetricDataCommandOutput> {
    const queries = input.MetricDataQueries ?? [];
    this.counts.metricsRead += queries.length;
    this.counts.readRequests += 1;
    const from = (input.StartTime?.getTime() ?? 0) / 1000;
    const to = (input.EndTime?.getTime() ?? 0) / 1000;
    return {
      MetricDataResults: queries.map(({ Id, MetricStat }) => {
        const period = MetricStat?.Period ?? 60;
        const { MetricName, Dimensions = [] } = MetricStat?.Metric ?? {};
        const points = new Map<number, number>();
        for (const { at, readableAt, value } of this.values.get(keyOf(MetricName, Dimensions)) ??
          [])
          if (at >= from && at < to && readableAt <= this.now())
            points.set(Math.floor(at / period) * period, value);
        return {
          Id,
          Timestamps: [...points.keys()].map((at) => new Date(at * 1000)),
          Values: [...points.values()],
        };
      }),
    };
  }
}

function keyOf(
  name: string | undefined,
  dimensions: readonly {
    readonly Name?: string | undefined;
    readonly Value?: string | undefined;
  }[],
): string {
  return [name ?? '', ...dimensions.map(({ Value }) => Value)].join(' ');
}
