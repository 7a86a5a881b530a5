import { decide, type Decision } from '../core/decide';
import type { Action } from '../core/model/action';
import { isProtected, membersOf, type FleetMember } from '../core/model/fleet-member';
import { saysEmpty, type ObservedBridge, type Snapshot } from '../core/model/snapshot';
import type { ActionRecord } from '../core/protocol/action-record';
import type { Command } from '../core/protocol/command';
import { capabilitiesOf } from '../core/protocol/generation';
import type { Reason } from '../core/protocol/reason';
import type { CommandErrorCode, CommandFailure } from '../core/protocol/reply';
import { tagKeys } from '../core/protocol/tags';
import { isoTime } from '../core/protocol/time';
import type { Observation } from '../observation/observe';
import type { ScalerEnv } from './env';
import { execute, type Execution } from './execute';
import type { Ports } from './ports';
import { renewSecret } from './renew-secret';
import type { StepResult } from './step';

/**
 * Commands about one bridge. `drain` and `retire` differ in the reason only: a drained bridge is
 * retired.
 */
export type BridgeCommand = Extract<Command, { readonly bridge: string }>;

export interface BridgeOrder {
  readonly decision: Decision;
  readonly execution: Execution;
}

/** Carries out a command about one bridge at once; everything else waits for the next tick. */
export async function orderBridge(
  ports: Ports,
  env: ScalerEnv,
  command: BridgeCommand,
  observation: Observation,
): Promise<BridgeOrder | CommandFailure> {
  const { snapshot, memory } = observation;
  const bridge = findBridge(snapshot, command.bridge);
  if (bridge === undefined) return unknownBridge(command.bridge, env.fleet);
  const drains = command.action === 'drain' || command.action === 'retire';
  if (drains && isProtected(bridge, snapshot.now)) return rejectProtected(bridge);
  const actions = actionsOf(command, env, observation);
  if ('ok' in actions) return actions;
  const { numbers } = decide(snapshot, env.policy, memory);
  const undrains = actions.some(({ kind }) => kind === 'undrain' || kind === 'recycle');
  const decision: Decision = {
    actions,
    memory: undrains ? undrainedIn(memory, command.bridge, snapshot.now) : memory,
    reasons: [orderOf(command)],
    numbers: { ...numbers, wanted: memory.wanted ?? numbers.wanted },
    unread: [],
  };
  const execution = await execute(ports, env, snapshot, decision);
  switch (command.action) {
    case 'rotate': {
      const result = await renewSecret(ports, env, command.bridge);
      return { decision, execution: afterRenewal(execution, result, command, snapshot.now) };
    }
    case 'protect': {
      const until = isoTime(snapshot.now + command.for);
      await ports.instances.tag(command.bridge, { [tagKeys.protect]: until });
      return {
        decision,
        execution: withAction(execution, command, 'protect', { status: 'done', until }),
      };
    }
    case 'drain':
    case 'retire':
    case 'undrain':
      return { decision, execution };
  }
}

/** A bridge that a command may name: it is in the fleet and not on its way out. */
function findBridge(snapshot: Snapshot, instanceId: string): ObservedBridge | undefined {
  return snapshot.bridges.find(
    (bridge) => bridge.instanceId === instanceId && bridge.state !== 'shutting-down',
  );
}

function orderOf({ action, bridge }: BridgeCommand): Reason {
  return { code: 'OperatorCommand', action, instanceId: bridge };
}

function actionsOf(
  command: BridgeCommand,
  env: ScalerEnv,
  { snapshot, memory }: Observation,
): readonly Action[] | CommandFailure {
  const instanceId = command.bridge;
  const reason = orderOf(command);
  const member = membersOf(snapshot, env.policy, memory).find(
    ({ bridge }) => bridge.instanceId === instanceId,
  );
  switch (command.action) {
    case 'protect':
      return [];
    case 'drain':
    case 'retire':
      return [{ kind: 'drain', instanceId, by: 'operator', reason }];
    case 'rotate':
      return isDrainedEmpty(member) ? [] : notDrained(instanceId);
    case 'undrain': {
      if (member?.phase !== 'draining') return [];
      if (capabilitiesOf(env.generation).drain === 'reversible')
        return [{ kind: 'undrain', instanceId, reason }];
      return isDrainedEmpty(member)
        ? [{ kind: 'recycle', instanceId, reason }]
        : notReversible(instanceId);
    }
  }
}

function undrainedIn(memory: Decision['memory'], instanceId: string, now: number) {
  return { ...memory, undrainedAt: { ...memory.undrainedAt, [instanceId]: now } };
}

/** A bridge with a new secret takes calls again, whatever its reports from before say. */
function afterRenewal(
  execution: Execution,
  result: StepResult,
  command: BridgeCommand,
  now: number,
): Execution {
  const told = withAction(execution, command, 'renewSecret', result);
  if (result.status !== 'done') return told;
  const { memory, after } = told;
  return {
    ...told,
    memory: undrainedIn(memory, command.bridge, now),
    after: { ...after, active: after.active + 1, draining: after.draining - 1 },
  };
}

function withAction(
  execution: Execution,
  command: BridgeCommand,
  kind: 'protect' | 'renewSecret',
  outcome: Pick<ActionRecord, 'status' | 'detail'> & { readonly until?: string },
): Execution {
  const record = { kind, instanceId: command.bridge, ...outcome, reason: orderOf(command) };
  return { ...execution, actions: [...execution.actions, record] };
}

function isDrainedEmpty(member: FleetMember | undefined): boolean {
  if (member?.phase !== 'draining' || !member.fresh) return false;
  return member.report !== undefined && saysEmpty(member.report);
}

function rejected(code: CommandErrorCode, message: string): CommandFailure {
  return { ok: false, error: { code, field: 'bridge', message } };
}

function unknownBridge(instanceId: string, fleet: string): CommandFailure {
  return rejected(
    'UnknownBridge',
    `no such bridge in fleet ${fleet}: ${instanceId}; run jitsi-bridges status to list them`,
  );
}

function notDrained(instanceId: string): CommandFailure {
  return rejected(
    'NotDrained',
    `${instanceId} would be restarted: run jitsi-bridges drain ${instanceId} first, and rotate once it has no calls, before it retires`,
  );
}

function rejectProtected({ instanceId, protectUntil = 0 }: ObservedBridge): CommandFailure {
  return rejected(
    'Protected',
    `${instanceId} is protected until ${isoTime(protectUntil)}; to drain it, end the protection first: jitsi-bridges protect ${instanceId} --for 1s`,
  );
}

function notReversible(instanceId: string): CommandFailure {
  return rejected(
    'NotReversible',
    `${instanceId} is draining and may have calls: a component bridge can be undrained only when empty, by a restart`,
  );
}
