import type { BridgeStatus, CommandFailure } from '../core/protocol/reply';
import type { Command } from '../core/protocol/command';
import { tagKeys } from '../core/protocol/tags';
import { decide, type Decision } from '../core/decide';
import { isProtected, membersOf, type FleetMember } from '../core/model/fleet-member';
import { operatorPrefix } from '../core/demand/reserve';
import type { Action } from '../core/model/action';
import type { ObservedBridge } from '../core/model/snapshot';
import type { StepResult } from './bridge-steps';
import type { ScalerEnv } from './env';
import { execute, type Execution } from './execute';
import type { Observation } from './observe';
import type { Ports } from './ports';
import { isoTime } from './iso-time';
import { rotate } from './rotate';
import { findBridge } from './show';

/** Commands about one bridge. `drain` and `retire` differ in the reason only: a drained bridge is retired. */
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
  { snapshot, memory }: Observation,
): Promise<BridgeOrder | CommandFailure> {
  const bridge = findBridge(snapshot, command.bridge);
  if (bridge === undefined)
    return {
      ok: false,
      error: {
        code: 'UnknownBridge',
        field: 'bridge',
        message: `${command.bridge} is no bridge of fleet ${env.fleet}; {"action":"status"} lists them`,
      },
    };
  const drains = command.action === 'drain' || command.action === 'retire';
  if (drains && isProtected(bridge, snapshot.now)) return refuseProtected(bridge);
  const actions = actionsOf(command, env, { snapshot, memory, problems: [] });
  if ('ok' in actions) return actions;
  const { numbers } = decide(snapshot, env.policy, memory);
  const now = snapshot.now;
  const takesBack = actions.some(({ kind }) => kind === 'undrain' || kind === 'recycle');
  const decision: Decision = {
    actions,
    memory: takesBack
      ? { ...memory, takenBack: { ...memory.takenBack, [command.bridge]: now } }
      : memory,
    reasons: [`operator ordered ${command.action} of ${command.bridge}`],
    numbers: { ...numbers, wanted: memory.wanted ?? numbers.wanted },
  };
  const execution = await execute(ports, env, snapshot, decision);
  if (command.action === 'rotate') {
    const result = await rotate(ports, env, command.bridge);
    return { decision, execution: afterRotation(execution, result, command.bridge, now) };
  }
  if (command.action !== 'protect') return { decision, execution };
  const until = isoTime(now + command.for);
  await ports.instances.tag(command.bridge, { [tagKeys.protect]: until });
  const text = `protect ${command.bridge} until ${until}`;
  return { decision, execution: { ...execution, results: [{ status: 'done', text }] } };
}

function actionsOf(
  command: BridgeCommand,
  env: ScalerEnv,
  { snapshot, memory }: Observation,
): readonly Action[] | CommandFailure {
  const instanceId = command.bridge;
  const reason = `${operatorPrefix} ${command.action}`;
  const member = membersOf(snapshot, env.policy, memory).find(
    ({ bridge }) => bridge.instanceId === instanceId,
  );
  switch (command.action) {
    case 'protect':
      return [];
    case 'drain':
    case 'retire':
      return [{ kind: 'drain', instanceId, reason }];
    case 'rotate':
      return isDrainedEmpty(member) ? [] : notDrained(instanceId);
    case 'undrain': {
      if (member?.phase !== 'draining') return [];
      if (env.generation === 'muc') return [{ kind: 'undrain', instanceId, reason }];
      return isDrainedEmpty(member)
        ? [{ kind: 'recycle', instanceId, reason }]
        : notReversible(instanceId);
    }
  }
}

/** A rotated bridge takes calls again, whatever its reports from before say. */
function afterRotation(
  execution: Execution,
  result: StepResult,
  instanceId: string,
  now: number,
): Execution {
  if (result.status !== 'done') return { ...execution, results: [result] };
  const { memory, after } = execution;
  return {
    ...execution,
    results: [result],
    memory: { ...memory, takenBack: { ...memory.takenBack, [instanceId]: now } },
    after: { ...after, active: after.active + 1, draining: after.draining - 1 },
  };
}

function isDrainedEmpty(member: FleetMember | undefined): boolean {
  if (member?.phase !== 'draining' || !member.fresh) return false;
  return member.report?.participantCount === 0 && member.report.conferenceCount === 0;
}

function notDrained(instanceId: string): CommandFailure {
  return {
    ok: false,
    error: {
      code: 'NotDrained',
      field: 'bridge',
      message: `${instanceId} would be restarted: drain it with {"action":"drain","bridge":"${instanceId}"}, and rotate once it has no calls, before it retires`,
    },
  };
}

function refuseProtected({ instanceId, protectUntil = 0 }: ObservedBridge): CommandFailure {
  const end = `{"action":"protect","bridge":"${instanceId}","for":1}`;
  return {
    ok: false,
    error: {
      code: 'Protected',
      field: 'bridge',
      message: `${instanceId} is protected until ${isoTime(protectUntil)}; to drain it, end that first with ${end}`,
    },
  };
}

function notReversible(instanceId: BridgeStatus['instanceId']): CommandFailure {
  return {
    ok: false,
    error: {
      code: 'NotReversible',
      field: 'bridge',
      message: `${instanceId} is draining and may have calls: a v1 bridge takes its drain back only by a restart, when it is empty`,
    },
  };
}
