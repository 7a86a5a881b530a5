import { decide } from '../../lambdas/core/decide';
import { emptyMemory } from '../../lambdas/core/model/memory';
import { policySchema } from '../../lambdas/core/model/policy';
import { historyBinSeconds } from '../workload/history';
import { ordinaryMonday, week, workingWeek } from '../workload/calendar';
import { Random } from '../workload/random';
import { quantile } from '../results/statistics';

const minute = 60;

/**
 * p99 in milliseconds of one `decide` with so many bridges and four weeks of history, read anew
 * for each.
 */
export function timeDecide(bridgeCount: number, repeats: number, clock: () => number): number {
  const random = new Random(bridgeCount, 'timing');
  const now = ordinaryMonday + 10 * 3600;
  const envelope = workingWeek();
  const minutes = Array.from({ length: 10 }, (_, index) => now - (9 - index) * minute);
  const bridges = Array.from({ length: bridgeCount }, (_, index) => ({
    instanceId: `i-${index.toString(16).padStart(17, '0')}`,
    state: 'running' as const,
    instanceType: 'c6i.xlarge',
    zone: `zone-${index % 3}`,
    market: 'on-demand' as const,
    launchedAt: now - 3600 - index,
    weight: 1,
    registered: true,
    everReported: true,
    ...(index % 10 === 0
      ? { drain: { since: now - 300, by: 'autoscaler' as const, reason: 'surplus' } }
      : {}),
    reports: minutes.map((at) => ({
      minute: at,
      stressRatio: random.between(0.4, 0.7),
      participantCount: 50,
      conferenceCount: 10,
      draining: index % 10 === 0,
    })),
  }));
  const policy = policySchema.parse({ min: 2, max: bridgeCount * 2 });
  const times = Array.from({ length: repeats }, (_, index) => {
    const end = now - (now % historyBinSeconds) + index * historyBinSeconds;
    const history: { at: number; load: number }[] = [];
    for (let at = end - 4 * week; at < end; at += historyBinSeconds)
      history.push({ at, load: envelope(at) * bridgeCount * random.between(0.4, 0.6) });
    const snapshot = {
      now,
      fleet: 'arena',
      drainKind: 'reversible' as const,
      launch: {
        launchTemplateId: 'lt-0',
        launchTemplateVersion: '1',
        instanceTypes: [{ type: 'c6i.xlarge', weight: 1 }],
        subnetIds: ['zone-0', 'zone-1', 'zone-2'],
        onDemandBase: 1000,
        spotPercent: 0,
      },
      heartbeats: minutes,
      bridges,
      overrides: {},
      history,
    };
    const startedAt = clock();
    decide(snapshot, policy, emptyMemory);
    return clock() - startedAt;
  });
  return quantile(
    [...times].sort((a, b) => a - b),
    0.99,
  );
}
