import type { Decision } from '../core/decide';
import type { Action, BridgeAction, LaunchAction } from '../core/model/action';
import type { Memory } from '../core/model/memory';
import type { Snapshot } from '../core/model/snapshot';
import type {
  ActionRecord,
  BridgeActionKind,
  BridgeActionRecord,
  LaunchRecord,
} from '../core/protocol/action-record';
import { printableError } from '../core/protocol/printable';
import type { FleetCounts } from '../core/protocol/reply';
import { bridgeRecord, launchRecord } from '../observation/action-records';
import { runStep } from './bridge-steps';
import type { ScalerEnv } from './env';
import { runLaunch } from './launch';
import type { Ports } from './ports';

export interface Execution {
  readonly memory: Memory;
  /** What became of each action: launches, then bridges in the decision's order. */
  readonly actions: readonly ActionRecord[];
  readonly after: FleetCounts;
  /** Bridges asked for and not launched. */
  readonly launchFailureCount: number;
  /**
   * Ids of the instances that EC2 lists or just launched, those on their way out included: the
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
  const { memory, launches } = await executeLaunches(ports, decision.actions, decision.memory);
  const steps = decision.actions.filter((action) => action.kind !== 'launch');
  const done: BridgeActionRecord[] = [];
  for (let start = 0; start < steps.length; start += atOnce)
    done.push(
      ...(await Promise.all(
        steps
          .slice(start, start + atOnce)
          .map((action) => executeStep(ports, env, snapshot, action)),
      )),
    );
  // A repeated launch answers with instances that EC2 may list already.
  const listed = new Set(snapshot.bridges.map(({ instanceId }) => instanceId));
  const launchedIds = launches.flatMap(({ instanceIds = [] }) => instanceIds);
  const newIds = launchedIds.filter((id) => !listed.has(id));
  const askedCount = launches.reduce((sum, { count }) => sum + count, 0);
  return {
    memory,
    actions: [...launches, ...done],
    after: countsAfter(decision.numbers, newIds.length, done, snapshot),
    launchFailureCount: Math.max(0, askedCount - launchedIds.length),
    listedIds: [...listed, ...newIds],
  };
}

async function executeLaunches(
  ports: Ports,
  actions: readonly Action[],
  before: Memory,
): Promise<{ readonly memory: Memory; readonly launches: readonly LaunchRecord[] }> {
  let memory = before;
  const launches: LaunchRecord[] = [];
  for (const action of actions) {
    if (action.kind !== 'launch') continue;
    const result = await executeLaunch(ports, action, memory);
    memory = result.memory;
    launches.push(result.record);
  }
  return { memory, launches };
}

/** A launch that leaves open whether instances were made stays in memory, and is repeated. */
async function executeLaunch(ports: Ports, action: LaunchAction, memory: Memory) {
  try {
    return await runLaunch(ports, action, memory);
  } catch (error) {
    const detail = `${printableError(error)}; the next tick repeats it`;
    const record: LaunchRecord = { ...launchRecord(action), status: 'failed', detail };
    return { memory, record };
  }
}

async function executeStep(
  ports: Ports,
  env: ScalerEnv,
  snapshot: Snapshot,
  action: BridgeAction,
): Promise<BridgeActionRecord> {
  const bridge = snapshot.bridges.find(({ instanceId }) => instanceId === action.instanceId);
  try {
    return { ...bridgeRecord(action), ...(await runStep(ports, env, bridge, action)) };
  } catch (error) {
    return { ...bridgeRecord(action), status: 'failed', detail: printableError(error) };
  }
}

const endings: readonly BridgeActionKind[] = ['retire', 'replace', 'terminate'];

/** Counts as they are after what was done; EC2 itself would show them only some seconds later. */
function countsAfter(
  before: FleetCounts,
  launchedCount: number,
  actions: readonly BridgeActionRecord[],
  snapshot: Snapshot,
): FleetCounts {
  const wasDraining = new Set(
    snapshot.bridges.filter(({ drain }) => drain !== undefined).map(({ instanceId }) => instanceId),
  );
  const count = (wanted: BridgeActionKind, draining: 'draining' | 'not draining') =>
    actions.filter(
      ({ kind, status, instanceId }) =>
        kind === wanted &&
        status === 'done' &&
        wasDraining.has(instanceId) === (draining === 'draining'),
    ).length;
  const drained = count('drain', 'not draining');
  const undrained = count('undrain', 'draining') + count('recycle', 'draining');
  const ended = endings.reduce((sum, kind) => sum + count(kind, 'draining'), 0);
  return {
    wanted: before.wanted,
    booting: before.booting + launchedCount,
    active: before.active - drained + undrained,
    draining: before.draining + drained - undrained - ended,
  };
}
