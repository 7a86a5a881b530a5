import type { BridgeStatus, Command, CommandFailure } from '../core/command';
import { tagKeys } from '../core/contract';
import { decide, type Decision } from '../core/decide';
import { isProtected, membersOf } from '../core/fleet';
import { operatorPrefix } from '../core/scale-out';
import type { Action, ObservedBridge } from '../core/types';
import type { ScalerEnv } from './env';
import { execute, type Execution } from './execute';
import type { Observation } from './observe';
import type { Ports } from './ports';
import { isoTime } from './iso-time';
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
  switch (command.action) {
    case 'protect':
      return [];
    case 'drain':
    case 'retire':
      return [{ kind: 'drain', instanceId, reason }];
    case 'undrain': {
      const member = membersOf(snapshot, env.policy, memory).find(
        ({ bridge }) => bridge.instanceId === instanceId,
      );
      if (member?.phase !== 'draining') return [];
      if (env.generation === 'muc') return [{ kind: 'undrain', instanceId, reason }];
      const { report, fresh } = member;
      const isEmpty = fresh && report?.participantCount === 0 && report.conferenceCount === 0;
      return isEmpty ? [{ kind: 'recycle', instanceId, reason }] : notReversible(instanceId);
    }
  }
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
