import type { FleetCounts } from '../core/protocol/reply';
import type { Decision } from '../core/decide';
import type { Memory } from '../core/model/memory';
import type { Action } from '../core/model/action';
import type { Snapshot } from '../core/model/snapshot';
import { runStep, type BridgeStep, type StepResult } from './bridge-steps';
import type { ScalerEnv } from './env';
import { runLaunch, type LaunchAction } from './launch';
import type { Ports } from './ports';

export interface Execution {
  readonly memory: Memory;
  /** A sentence per action, in the decision's order. */
  readonly results: readonly StepResult[];
  readonly after: FleetCounts;
  readonly launchFailureCount: number;
  /**
   * Ids of the instances that EC2 lists or was just given, those on their way out included: the
   * registrar has work when one appears and when one is gone for good.
   */
  readonly listedIds: readonly string[];
}

/** Run Commands wait for bridges, so several go at once; not all, since SSM throttles. */
const atOnce = 10;

/**
 * Carries a decision out: launches first, so that capacity never waits for a slow bridge. An action
 * that fails is a result; the next tick sees what is missing and resumes.
 */
export async function execute(
  ports: Ports,
  env: ScalerEnv,
  snapshot: Snapshot,
  decision: Pick<Decision, 'actions' | 'memory' | 'numbers'>,
): Promise<Execution> {
  const launch = await executeLaunches(ports, decision.actions, decision.memory);
  const steps = decision.actions.filter((action) => action.kind !== 'launch');
  const done: { step: BridgeStep; result: StepResult }[] = [];
  for (let start = 0; start < steps.length; start += atOnce)
    done.push(
      ...(await Promise.all(
        steps.slice(start, start + atOnce).map(async (step) => {
          const bridge = snapshot.bridges.find(({ instanceId }) => instanceId === step.instanceId);
          const result = await attempt(() => runStep(ports, env, bridge, step), describeStep(step));
          return { step, result };
        }),
      )),
    );
  // A repeated launch answers with instances that EC2 may list already.
  const listed = new Set(snapshot.bridges.map(({ instanceId }) => instanceId));
  const newIds = launch.launchedIds.filter((id) => !listed.has(id));
  return {
    memory: launch.memory,
    results: [...launch.results, ...done.map(({ result }) => result)],
    after: countsAfter(decision.numbers, newIds.length, done, snapshot),
    launchFailureCount: launch.failureCount,
    listedIds: [...listed, ...newIds],
  };
}

interface Launches {
  readonly memory: Memory;
  readonly results: readonly StepResult[];
  readonly launchedIds: readonly string[];
  readonly failureCount: number;
}

async function executeLaunches(
  ports: Ports,
  actions: readonly Action[],
  memory: Memory,
): Promise<Launches> {
  let state: Launches = { memory, results: [], launchedIds: [], failureCount: 0 };
  for (const action of actions)
    if (action.kind === 'launch') state = await executeLaunch(ports, action, state);
  return state;
}

async function executeLaunch(
  ports: Ports,
  action: LaunchAction,
  before: Launches,
): Promise<Launches> {
  try {
    const { memory, launched, missingCount, text } = await runLaunch(ports, action, before.memory);
    const status = missingCount === 0 ? 'done' : 'failed';
    return {
      memory,
      results: [...before.results, { status, text }],
      launchedIds: [...before.launchedIds, ...launched.map(({ instanceId }) => instanceId)],
      failureCount: before.failureCount + missingCount,
    };
  } catch (error) {
    const result = failure(`launch ${action.request.token}, to be repeated`, error);
    const { onDemandCount, spotCount } = action.request;
    return {
      ...before,
      results: [...before.results, result],
      failureCount: before.failureCount + onDemandCount + spotCount,
    };
  }
}

async function attempt(run: () => Promise<StepResult>, what: string): Promise<StepResult> {
  try {
    return await run();
  } catch (error) {
    return failure(what, error);
  }
}

function failure(what: string, error: unknown): StepResult {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
  return { status: 'failed', text: `${what} failed: ${text}` };
}

/** What an action will do, as `plan` says it. */
export function describeAction(action: Action): string {
  if (action.kind !== 'launch') return `${describeStep(action)} (${action.reason})`;
  const { onDemandCount, spotCount, token } = action.request;
  return `launch ${onDemandCount + spotCount} as ${token} (${action.reason})`;
}

function describeStep({ kind, instanceId }: BridgeStep): string {
  return `${kind} ${instanceId}`;
}

const endings: readonly BridgeStep['kind'][] = ['retire', 'replace', 'discard'];

/** Counts as they are after what was done; EC2 itself would show them only some seconds later. */
function countsAfter(
  before: FleetCounts,
  launchedCount: number,
  done: readonly { step: BridgeStep; result: StepResult }[],
  snapshot: Snapshot,
): FleetCounts {
  const wasDraining = new Set(
    snapshot.bridges.filter(({ drain }) => drain !== undefined).map(({ instanceId }) => instanceId),
  );
  const count = (kind: BridgeStep['kind'], draining: 'draining' | 'not draining') =>
    done.filter(
      ({ step, result }) =>
        step.kind === kind &&
        result.status === 'done' &&
        wasDraining.has(step.instanceId) === (draining === 'draining'),
    ).length;
  const drained = count('drain', 'not draining');
  const takenBack = count('undrain', 'draining') + count('recycle', 'draining');
  const ended = endings.reduce((sum, kind) => sum + count(kind, 'draining'), 0);
  return {
    wanted: before.wanted,
    booting: before.booting + launchedCount,
    active: before.active - drained + takenBack,
    draining: before.draining + drained - takenBack - ended,
  };
}
