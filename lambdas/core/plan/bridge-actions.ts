import {
  isObservedEmpty,
  isOverdue,
  isProtected,
  secondsSinceUndrained,
  undrainPauseSeconds,
  undrainSeconds,
  type FleetMember,
} from '../model/fleet-member';
import type { Action, BridgeAction } from '../model/action';
import type { FleetState } from '../model/fleet-state';
import type { Memory } from '../model/memory';
import type { Snapshot } from '../model/snapshot';
import type { BridgeReason } from '../protocol/reason';

/** Between suspecting a bridge that never reported or that is stopped, and terminating it. */
const suspectSeconds = 60;

/** A drain that the bridge does not confirm within this time is ordered again. */
const drainConfirmSeconds = 120;

/** What a single bridge needs, whatever the size of the fleet. */
export function bridgeActionsFor(member: FleetMember, state: FleetState): readonly BridgeAction[] {
  const { bridge, phase, silentSeconds: seconds } = member;
  const { instanceId } = bridge;
  const { snapshot, policy, memory } = state;
  const neverUp =
    phase === 'overdue' || (phase === 'draining' && isOverdue(bridge, snapshot, policy));
  if (neverUp || bridge.state === 'stopped') return secondLook(member, snapshot, neverUp);
  if (bridge.suspectSince !== undefined && phase === 'active')
    return [{ kind: 'unsuspect', instanceId, reason: { code: 'Reports' } }];
  switch (phase) {
    case 'silent':
      return bridge.instanceId in memory.repairs
        ? []
        : [{ kind: 'repair', instanceId, reason: { code: 'Silent', seconds } }];
    case 'lost':
      return isProtected(bridge, snapshot.now)
        ? []
        : [{ kind: 'replace', instanceId, reason: { code: 'SilentAfterRepair', seconds } }];
    case 'draining':
      return actionsForDraining(member, state);
    case 'booting':
    case 'active':
    case 'stopped':
    case 'gone':
      return [];
  }
}

function secondLook(
  { bridge }: FleetMember,
  { now }: Snapshot,
  neverUp: boolean,
): readonly BridgeAction[] {
  if (isProtected(bridge, now)) return [];
  const reason: BridgeReason = neverUp
    ? { code: 'NeverReported', seconds: Math.round(now - bridge.launchedAt) }
    : { code: 'Stopped' };
  if (bridge.suspectSince === undefined)
    return [{ kind: 'suspect', instanceId: bridge.instanceId, reason }];
  if (now - bridge.suspectSince < suspectSeconds) return [];
  return [{ kind: 'terminate', instanceId: bridge.instanceId, reason }];
}

function actionsForDraining(
  member: FleetMember,
  { snapshot, policy, memory }: FleetState,
): readonly BridgeAction[] {
  const { bridge, report } = member;
  const { instanceId, drain } = bridge;
  if (bridge.state !== 'running') return [];
  if (drain === undefined)
    return [{ kind: 'drain', instanceId, by: 'autoscaler', reason: { code: 'SaysItDrains' } }];
  if (isProtected(bridge, snapshot.now)) return [];
  // It was just undrained and is counted on; its tag and reports may not say so yet.
  const secondsSince = secondsSinceUndrained(instanceId, memory, snapshot.now);
  if (secondsSince < undrainSeconds) return [];
  if (isObservedEmpty(member, policy))
    return [
      {
        kind: 'retire',
        instanceId,
        reason: { code: 'DrainedEmpty', seconds: policy.emptySeconds },
      },
    ];
  // A service that has ended reports nothing more; its own status tells whether calls are left.
  if (bridge.everReported && member.silentSeconds >= policy.silentSeconds)
    return [
      {
        kind: 'replace',
        instanceId,
        reason: { code: 'SilentWhileDraining', seconds: member.silentSeconds },
      },
    ];
  const isUnconfirmed =
    report !== undefined &&
    report.draining === false &&
    member.fresh &&
    report.minute > drain.since + drainConfirmSeconds &&
    secondsSince >= undrainPauseSeconds;
  return isUnconfirmed
    ? [{ kind: 'drain', instanceId, by: drain.by, reason: { code: 'DrainUnconfirmed' } }]
    : [];
}

/** Memory after these actions: repairs noted, notes that are over dropped. */
export function rememberBridgeActions(
  { members, snapshot: { now }, memory }: FleetState,
  actions: readonly Action[],
): Memory {
  const isSilent = new Map(
    members.map(({ bridge, phase }) => [
      bridge.instanceId,
      (phase === 'silent' || phase === 'lost') && bridge.state === 'running',
    ]),
  );
  const repaired = actions.flatMap((action) =>
    action.kind === 'repair' ? [[action.instanceId, now] as const] : [],
  );
  return {
    ...memory,
    repairs: Object.fromEntries([
      ...Object.entries(memory.repairs).filter(([id]) => isSilent.get(id) === true),
      ...repaired,
    ]),
    undrainedAt: Object.fromEntries(
      Object.entries(memory.undrainedAt).filter(([, at]) => now - at < undrainPauseSeconds),
    ),
  };
}
