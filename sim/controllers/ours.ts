import { decide } from '../../lambdas/core/decide';
import { requestedCount, type LaunchRequest } from '../../lambdas/core/model/action';
import { rememberLaunch } from '../../lambdas/core/plan/remember-launch';
import { emptyMemory, type Memory } from '../../lambdas/core/model/memory';
import { policySchema, type Policy } from '../../lambdas/core/model/policy';
import type { Action as CoreAction } from '../../lambdas/core/model/action';
import type { BridgeReport, ObservedBridge as CoreBridge } from '../../lambdas/core/model/snapshot';
import type {
  Action,
  ActionResult,
  Controller,
  ControllerOptions,
  ObservedBridge,
  Observation,
} from './controller';

/** The Lambda reads the reports of this long. */
const windowSeconds = 600;

const instanceType = 'c6i.xlarge';
const subnetIds = ['zone-0', 'zone-1', 'zone-2'];
const launch = {
  launchTemplateId: 'lt-0',
  launchTemplateVersion: '1',
  instanceTypes: [{ type: instanceType, weight: 1 }],
  subnetIds,
  onDemandBase: 100_000,
  spotPercent: 0,
};

/**
 * The decision that the Lambda ships, at the Lambda's cadence, with what the Lambda would see:
 * reports of ten minutes, tags, history and its own memory. Settings are fields of the policy;
 * without any it has its defaults.
 */
export function createController(options: ControllerOptions): Controller {
  const { min, max, isDrainReversible, settings } = options;
  return createDeciding(policySchema.parse({ min, max, ...settings }), isDrainReversible);
}

/** The same with a whole policy. */
export function createDeciding(policy: Policy, isDrainReversible: boolean): Controller {
  const memory = new RememberedLaunches();
  const reports = new ReportWindow();
  const tags = new Map<string, { drain?: CoreBridge['drain']; suspectSince?: number }>();
  let pending: readonly CoreAction[] = [];
  return {
    intervalSeconds: 60,
    endsBridges: true,
    decide(observation) {
      const { now, history } = observation;
      reports.add(observation);
      const snapshot = {
        now,
        fleet: 'arena',
        drainKind: isDrainReversible ? ('reversible' as const) : ('oneWay' as const),
        launch,
        heartbeats: reports.heartbeats,
        bridges: observation.bridges.map((bridge) =>
          coreBridge(bridge, reports, tags, memory.tokens),
        ),
        overrides: {},
        history,
      };
      const decision = decide(snapshot, policy, memory.value);
      memory.value = decision.memory;
      pending = decision.actions.filter((action) => arenaAction(action) !== undefined);
      for (const action of decision.actions) tag(tags, action, now);
      memory.now = now;
      return pending.flatMap((action) => arenaAction(action) ?? []);
    },
    onResults(results) {
      for (const [index, action] of pending.entries())
        if (action.kind === 'launch') memory.answer(action.request, results[index]);
    },
  };
}

/** The memory between ticks, with EC2's answers as the executor notes them. */
class RememberedLaunches {
  value: Memory = emptyMemory;
  now = 0;
  /** Launch token of each instance, as its tag has it. */
  readonly tokens = new Map<string, string>();

  answer(request: LaunchRequest, result: ActionResult | undefined): void {
    const refusals = subnetIds.map((subnetId) => ({
      instanceType,
      subnetId,
      market: 'on-demand' as const,
      code: 'InsufficientInstanceCapacity',
      message: '',
    }));
    for (const id of result?.launchedIds ?? []) this.tokens.set(id, request.token);
    const launched = (result?.launchedIds ?? []).map((instanceId) => ({
      instanceId,
      instanceType,
      market: 'on-demand' as const,
    }));
    this.value = rememberLaunch(
      this.value,
      request,
      { status: 'answered', launched, refusals: result?.isDone === true ? [] : refusals },
      this.now,
    );
  }
}

/** Collects what CloudWatch would return for the last ten minutes. */
class ReportWindow {
  heartbeats: readonly number[] = [];
  private readonly reports = new Map<string, readonly BridgeReport[]>();
  private readonly reported = new Set<string>();

  add({ now, metricsAt, bridges }: Observation): void {
    const since = now - windowSeconds;
    const isNew = metricsAt !== undefined && metricsAt !== this.heartbeats.at(-1);
    this.heartbeats = [...this.heartbeats, ...(isNew ? [metricsAt] : [])].filter(
      (minute) => minute >= since,
    );
    for (const { id, metrics } of bridges) {
      const known = this.reports.get(id) ?? [];
      const isReported = metrics !== undefined && metrics.at !== known.at(-1)?.minute;
      const isOld = (known[0]?.minute ?? Infinity) < since;
      if (!isReported && !isOld) continue;
      const kept = isOld ? known.filter(({ minute }) => minute >= since) : known;
      if (metrics !== undefined) this.reported.add(id);
      this.reports.set(id, isReported && metrics.at >= since ? [...kept, reportOf(metrics)] : kept);
    }
  }

  of(id: string): readonly BridgeReport[] {
    return this.reports.get(id) ?? [];
  }

  hasReported(id: string): boolean {
    return this.reported.has(id);
  }
}

function reportOf(metrics: NonNullable<ObservedBridge['metrics']>): BridgeReport {
  return {
    minute: metrics.at,
    stressRatio: metrics.stress,
    participantCount: metrics.participants,
    conferenceCount: metrics.conferences,
    draining: metrics.draining,
  };
}

function coreBridge(
  bridge: ObservedBridge,
  reports: ReportWindow,
  tags: ReadonlyMap<string, { drain?: CoreBridge['drain']; suspectSince?: number }>,
  tokens: ReadonlyMap<string, string>,
): CoreBridge {
  const launchToken = tokens.get(bridge.id);
  const { drain, suspectSince } = tags.get(bridge.id) ?? {};
  return {
    instanceId: bridge.id,
    state: 'running',
    instanceType,
    zone: bridge.zone,
    market: 'on-demand',
    launchedAt: bridge.launchedAt,
    weight: bridge.weight,
    registered: true,
    ...(launchToken === undefined ? {} : { launchToken }),
    ...(drain === undefined ? {} : { drain }),
    ...(suspectSince === undefined ? {} : { suspectSince }),
    reports: reports.of(bridge.id),
    everReported: bridge.phase !== 'booting' || reports.hasReported(bridge.id),
  };
}

/** Tags as the executor sets them. */
function tag(
  tags: Map<string, { drain?: CoreBridge['drain']; suspectSince?: number }>,
  action: CoreAction,
  now: number,
): void {
  if (action.kind === 'launch') return;
  const { drain, suspectSince } = tags.get(action.instanceId) ?? {};
  const marks = { ...(drain && { drain }), ...(suspectSince && { suspectSince }) };
  switch (action.kind) {
    case 'drain':
      tags.set(action.instanceId, {
        ...marks,
        drain: { since: now, by: action.by, reason: action.reason.code },
      });
      break;
    case 'undrain':
    case 'recycle':
      tags.set(action.instanceId, suspectSince === undefined ? {} : { suspectSince });
      break;
    case 'suspect':
      tags.set(action.instanceId, { ...marks, suspectSince: now });
      break;
    case 'unsuspect':
      tags.set(action.instanceId, drain === undefined ? {} : { drain });
      break;
    case 'retire':
    case 'repair':
    case 'replace':
    case 'terminate':
      break;
  }
}

function arenaAction(action: CoreAction): Action | undefined {
  switch (action.kind) {
    case 'launch':
      return { kind: 'launch', count: requestedCount(action.request) };
    case 'drain':
    case 'undrain':
    case 'recycle':
      return { kind: action.kind, id: action.instanceId };
    case 'retire':
    case 'replace':
      // Both terminate a bridge only when it confirms that it is empty.
      return { kind: 'retire', id: action.instanceId };
    case 'terminate':
      return { kind: 'terminate', id: action.instanceId };
    case 'suspect':
    case 'unsuspect':
    case 'repair':
      return undefined;
  }
}
