import { decide } from '../../lambdas/core/decide';
import { requestedCount } from '../../lambdas/core/model/action';
import type { LaunchOutcome } from '../../lambdas/core/model/launch-outcome';
import { rememberLaunch } from '../../lambdas/core/plan/remember-launch';
import type { Drain } from '../../lambdas/core/protocol/drain-tag';
import { emptyMemory, type Memory } from '../../lambdas/core/model/memory';
import type { Policy } from '../../lambdas/core/model/policy';
import type { BridgeReport, LoadSample, ObservedBridge } from '../../lambdas/core/model/snapshot';

/** A minute of a model fleet's life. */
export interface Minute {
  readonly at: number;
  readonly load: number;
  readonly booting: number;
  readonly active: number;
  readonly draining: number;
  readonly min: number;
  readonly max: number;
}

export interface ModelDay {
  readonly policy: Policy;
  readonly from: number;
  readonly minutes: number;
  /** Bridges at the start. */
  readonly bridges: number;
  /** Load in bridges at a time. */
  readonly load: (at: number) => number;
  readonly history?: readonly LoadSample[];
}

interface ModelBridge {
  readonly id: string;
  readonly launchedAt: number;
  /** Its tag; absent of those that are there from the start. */
  readonly launchToken?: string;
  reports: BridgeReport[];
  drain?: Drain;
}

const minute = 60;
/** From launch to first report. */
const bootSeconds = 120;
/** How long the last call on a draining bridge goes on. */
const callSeconds = 600;
const launch = {
  launchTemplateId: 'lt-0',
  launchTemplateVersion: '1',
  instanceTypes: [{ type: 'c6i.xlarge', weight: 1 }],
  subnetIds: ['subnet-a'],
  onDemandBase: 1000,
  spotPercent: 0,
};

/**
 * The real decision on a fleet whose bridges share the load evenly: what the pictures of
 * docs/policy.md show.
 */
export function liveThrough(day: ModelDay): readonly Minute[] {
  let memory: Memory = emptyMemory;
  let bridges: ModelBridge[] = Array.from({ length: day.bridges }, (_, index) =>
    newBridge(index, day.from - 86_400),
  );
  let made = bridges.length;
  const heartbeats: number[] = [];
  const minutes: Minute[] = [];
  for (let now = day.from; now <= day.from + day.minutes * minute; now += minute) {
    heartbeats.push(now - minute);
    report(bridges, day.load(now - minute), now - minute);
    const snapshot = {
      now,
      fleet: 'model',
      drainKind: 'oneWay' as const,
      launch,
      heartbeats: heartbeats.slice(-10),
      bridges: bridges.map(observed),
      history: day.history ?? [],
      overrides: {},
    };
    const decision = decide(snapshot, day.policy, memory);
    ({ memory } = decision);
    for (const action of decision.actions) {
      if (action.kind === 'launch') {
        const { request } = action;
        const launched = Array.from({ length: requestedCount(request) }, () => ({
          ...newBridge(made++, now),
          launchToken: request.token,
        }));
        bridges.push(...launched);
        memory = rememberLaunch(memory, request, answerOf(launched), now);
        continue;
      }
      const bridge = bridges.find(({ id }) => id === action.instanceId);
      if (action.kind === 'drain' && bridge !== undefined)
        bridge.drain = { since: now, by: action.by, reason: action.reason.code };
      if (action.kind === 'recycle' && bridge !== undefined) delete bridge.drain;
      if (action.kind === 'retire') bridges = bridges.filter(({ id }) => id !== action.instanceId);
    }
    minutes.push({ ...counts(bridges), at: now, load: day.load(now), ...limits(decision.numbers) });
  }
  return minutes;
}

/** EC2 launches all that is asked for. */
function answerOf(bridges: readonly ModelBridge[]): LaunchOutcome {
  const launched = bridges.map(({ id }) => ({
    instanceId: id,
    instanceType: 'c6i.xlarge',
    market: 'on-demand' as const,
  }));
  return { status: 'answered', launched, refusals: [] };
}

function limits({ min, max }: { readonly min: number; readonly max: number }) {
  return { min, max };
}

function counts(bridges: readonly ModelBridge[]) {
  const serving = bridges.filter(({ drain }) => drain === undefined);
  const active = serving.filter(({ reports }) => reports.length > 0).length;
  return {
    booting: serving.length - active,
    active,
    draining: bridges.length - serving.length,
  };
}

function newBridge(index: number, launchedAt: number): ModelBridge {
  return { id: `i-${index.toString(16).padStart(17, '0')}`, launchedAt, reports: [] };
}

/** Bridges that are up share the load; people stay on a draining one for a while. */
function report(bridges: readonly ModelBridge[], load: number, at: number): void {
  const up = bridges.filter(({ launchedAt }) => launchedAt + bootSeconds <= at);
  const sharing = up.filter(({ drain }) => drain === undefined);
  for (const bridge of up) {
    const { drain } = bridge;
    const isBusy = drain === undefined || at - drain.since < callSeconds;
    bridge.reports.push({
      minute: at,
      stressRatio: drain === undefined ? load / Math.max(1, sharing.length) : 0,
      participantCount: isBusy ? 10 : 0,
      conferenceCount: isBusy ? 1 : 0,
      draining: drain !== undefined,
    });
    bridge.reports = bridge.reports.slice(-10);
  }
}

function observed({ id, launchedAt, launchToken, reports, drain }: ModelBridge): ObservedBridge {
  return {
    instanceId: id,
    state: 'running',
    instanceType: 'c6i.xlarge',
    zone: 'zone-a',
    market: 'on-demand',
    launchedAt,
    weight: 1,
    registered: true,
    ...(launchToken === undefined ? {} : { launchToken }),
    reports: [...reports],
    everReported: reports.length > 0,
    ...(drain === undefined ? {} : { drain }),
  };
}
