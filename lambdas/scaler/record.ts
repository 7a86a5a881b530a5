import { createHash } from 'node:crypto';
import type { Measurement } from '../adapters/aws/publish-metrics';
import { dimensions, fleetMetrics } from '../core/protocol/metrics';
import type { Decision } from '../core/decide';
import type { DecisionNumbers } from '../core/plan/numbers';
import type { DescribedAction } from '../core/protocol/action-record';
import type { DecisionRecord } from '../core/protocol/reply';
import { withWords } from '../core/words/describe-action';
import { withText } from '../core/words/describe-reason';
import { predictionSeconds } from '../core/demand/projected-demand';
import { serializeMemory, type Memory } from '../core/model/memory';
import type { Snapshot } from '../core/model/snapshot';
import type { ScalerEnv } from './env';
import type { Execution } from './execute';
import { isoTime } from '../core/protocol/time';
import type { Ports } from './ports';

export interface Tick {
  /** `schedule`, `event`, or `command <action>`. */
  readonly trigger: string;
  readonly startedAt: number;
  readonly snapshot: Snapshot;
  readonly decision: Pick<Decision, 'numbers' | 'reasons'>;
  readonly execution: Execution;
}

/**
 * Tells the registrar, writes the decision record, stores the memory and publishes the fleet's
 * metrics, in this order: what explains a decision is out before what the next one builds on.
 * @returns the memory as stored
 */
export async function record(ports: Ports, env: ScalerEnv, tick: Tick): Promise<Memory> {
  const instances = await notifyOfChange(ports, tick);
  const { decision, execution } = tick;
  const fields: DecisionRecord = {
    time: isoTime(tick.snapshot.now),
    fleet: env.fleet,
    trigger: tick.trigger,
    numbers: { ...decision.numbers },
    actions: execution.actions.map(withWords),
    reasons: decision.reasons.map(withText),
    seconds: ports.clock.now() - tick.startedAt,
  };
  ports.log.info('decision', { ...fields });
  const memory = {
    ...execution.memory,
    instances,
    lastDecision: shortened(fields),
  };
  await storeMemory(ports, memory);
  await ports.publish(
    measurementsOf(env.fleet, tick, fields.seconds),
    new Date(tick.snapshot.now * 1000),
  );
  return memory;
}

/** Memory has 4 KB for everything: the log has all of them. */
const rememberedActions = 5;
const rememberedReasons = 8;
const rememberedInstances = 3;

function shortened(record: DecisionRecord): DecisionRecord {
  const { actions, reasons } = record;
  return {
    ...record,
    actions: actions.slice(0, rememberedActions).map(withFewInstances),
    ...(actions.length > rememberedActions ? { actionCount: actions.length } : {}),
    reasons: reasons.slice(0, rememberedReasons),
  };
}

function withFewInstances(action: DescribedAction): DescribedAction {
  return action.kind === 'launch' && action.instanceIds !== undefined
    ? { ...action, instanceIds: action.instanceIds.slice(0, rememberedInstances) }
    : action;
}

/** Stores the memory; a write of somebody else in between is told, and read by the next tick. */
export async function storeMemory(ports: Ports, memory: Memory): Promise<void> {
  const written = await ports.state.writeMemory(serializeMemory(memory));
  if (written === 'foreign')
    ports.log.error('foreign write', {
      parameter: 'memory',
      effect: 'the next tick reads it again',
    });
}

/**
 * The registrar looks for itself, so that telling it twice is harmless: it is told when the set of
 * instances is another than it was told last, and as long as one of them is not registered.
 * @returns digest of the instances it knows of
 */
async function notifyOfChange(ports: Ports, tick: Tick): Promise<string | undefined> {
  const { execution, snapshot } = tick;
  const ids = [...execution.listedIds].sort().join(' ');
  const digest = createHash('sha256').update(ids).digest('hex').slice(0, 16);
  const isWaiting = snapshot.bridges.some(
    ({ state, registered }) => !registered && (state === 'pending' || state === 'running'),
  );
  if (digest === execution.memory.instances && !isWaiting) return digest;
  try {
    await ports.notifyRegistrar();
    return digest;
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'unknown error';
    ports.log.error('registrar not told', { reason, effect: 'the next tick tells it' });
    return execution.memory.instances;
  }
}

function measurementsOf(fleet: string, tick: Tick, seconds: number): readonly Measurement[] {
  const { execution, decision } = tick;
  const numbers: DecisionNumbers = decision.numbers;
  const measured = (
    name: string,
    value: number | undefined,
    unit: Measurement['unit'],
  ): readonly Measurement[] =>
    value === undefined ? [] : [{ name, value, unit, dimensions: { [dimensions.fleet]: fleet } }];
  // Absent is absent, never 0: a missing load must not look like a quiet hour.
  return [
    ...measured(fleetMetrics.load, numbers.load, 'None'),
    ...measured(fleetMetrics.loadForecast, numbers.predictedLoad, 'None').map((prediction) => ({
      ...prediction,
      // Lies on the load's own curve when both are drawn.
      time: new Date((tick.snapshot.now + predictionSeconds) * 1000),
    })),
    ...measured(fleetMetrics.stressMax, numbers.stressMax, 'None'),
    ...measured(fleetMetrics.bridgesBooting, execution.after.booting, 'Count'),
    ...measured(fleetMetrics.bridgesActive, execution.after.active, 'Count'),
    ...measured(fleetMetrics.bridgesDraining, execution.after.draining, 'Count'),
    ...measured(fleetMetrics.bridgesWanted, numbers.wanted, 'Count'),
    ...measured(fleetMetrics.launchFailures, execution.launchFailureCount, 'Count'),
    ...measured(fleetMetrics.bootFailures, execution.memory.breaker.failures, 'Count'),
    ...measured(fleetMetrics.dataAgeSeconds, numbers.dataAgeSeconds, 'Seconds'),
    ...measured(fleetMetrics.tickSeconds, seconds, 'Seconds'),
  ];
}
