import { z } from 'zod';
import type { Handler } from '../handler';
import { page } from '../paging';
import { parseInput, wireList } from '../protocol/input';
import type { CloudWatch } from './cloudwatch';

const input = z.object({
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: wireList(z.object({ Name: z.string(), Value: z.string().optional() })),
  RecentlyActive: z.enum(['PT3H']).optional(),
  NextToken: z.string().optional(),
});

const pageSize = 500;
/** A metric is listed for two weeks after its newest data. */
const listedSeconds = 14 * 86400;
const recentlyActiveSeconds = 3 * 3600;

export function listMetrics({ store, clock }: CloudWatch): Handler {
  return ({ input: wire }) => {
    const request = parseInput(input, wire, 'InvalidParameterValue');
    const seconds = request.RecentlyActive === undefined ? listedSeconds : recentlyActiveSeconds;
    const horizon = clock.now().getTime() / 1000 - seconds;
    const found = store
      .list()
      .filter(({ newestMinute }) => newestMinute >= horizon)
      .map(({ id }) => id)
      .filter(({ namespace }) => (request.Namespace ?? namespace) === namespace)
      .filter(({ name }) => (request.MetricName ?? name) === name)
      .filter(({ dimensions }) =>
        request.Dimensions.every(({ Name, Value }) =>
          dimensions.some((d) => d.Name === Name && (Value ?? d.Value) === d.Value),
        ),
      );
    const { items, nextToken } = page(found, pageSize, request.NextToken, 'InvalidParameterValue');
    return {
      Metrics: items.map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: dimensions,
      })),
      NextToken: nextToken,
    };
  };
}
