import { emptyMemory, type Memory } from '../../../lambdas/core/model/memory';
import { policySchema, type Policy } from '../../../lambdas/core/model/policy';
import type { BridgeReport, ObservedBridge, Snapshot } from '../../../lambdas/core/model/snapshot';

/** A full minute, so that reports and heartbeats line up with it. */
export const now = 1_800_000_000;

/**
 * Sized by the load alone unless a test says otherwise, so that its numbers can be checked in the
 * head.
 */
export function policyOf(changes: Partial<Policy> = {}): Policy {
  return policySchema.parse({
    min: 1,
    max: 10,
    targetStress: 0.6,
    headroomFactor: 0,
    scaleInPatienceSeconds: 600,
    forecast: 'off',
    ...changes,
  });
}

export function idOf(index: number): string {
  return `i-${index.toString(16).padStart(17, '0')}`;
}

export function reportOf(changes: Partial<BridgeReport> = {}): BridgeReport {
  return {
    minute: now - 60,
    stressRatio: 0.3,
    participantCount: 10,
    conferenceCount: 2,
    draining: false,
    ...changes,
  };
}

/** The same report in each of the last ten minutes, the newest a minute old. */
export function historyOf(changes: Partial<BridgeReport> = {}): readonly BridgeReport[] {
  return Array.from({ length: 10 }, (_, index) =>
    reportOf({ ...changes, minute: now - 60 * (10 - index) }),
  );
}

/** A bridge that has reported the same for ten minutes. */
export function bridgeOf(index: number, changes: Partial<ObservedBridge> = {}): ObservedBridge {
  return {
    instanceId: idOf(index),
    state: 'running',
    instanceType: 'c6i.xlarge',
    zone: 'us-east-1a',
    market: 'on-demand',
    launchedAt: now - 7200 + index,
    weight: 1,
    registered: true,
    reports: historyOf(),
    everReported: true,
    ...changes,
  };
}

/** Launched a minute ago, nothing heard yet. */
export function bootingOf(index: number, changes: Partial<ObservedBridge> = {}): ObservedBridge {
  return bridgeOf(index, { launchedAt: now - 60, reports: [], everReported: false, ...changes });
}

/** Draining for ten minutes, by the autoscaler. */
export function drainingOf(index: number, report: Partial<BridgeReport> = {}): ObservedBridge {
  return bridgeOf(index, {
    drain: { since: now - 600, by: 'autoscaler', reason: 'surplus' },
    reports: historyOf({ draining: true, ...report }),
  });
}

export function snapshotOf(
  bridges: readonly ObservedBridge[],
  changes: Partial<Snapshot> = {},
): Snapshot {
  return {
    now,
    fleet: 'test',
    drainKind: 'oneWay',
    launch: {
      launchTemplateId: 'lt-1',
      launchTemplateVersion: '3',
      instanceTypes: [{ type: 'c6i.xlarge', weight: 1 }],
      subnetIds: ['subnet-a', 'subnet-b'],
      onDemandBase: 100,
      spotPercent: 0,
    },
    heartbeats: Array.from({ length: 10 }, (_, index) => now - 60 * (10 - index)),
    bridges,
    history: [],
    overrides: {},
    ...changes,
  };
}

export function memoryOf(changes: Partial<Memory> = {}): Memory {
  return { ...emptyMemory, ...changes };
}
