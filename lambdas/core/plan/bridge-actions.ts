import {
  isObservedEmpty,
  isOverdue,
  isProtected,
  secondsSinceTakenBack,
  takeBackPauseSeconds,
  takeBackSeconds,
  type FleetMember,
} from '../model/fleet-member';
import type { Memory } from '../model/memory';
import type { Policy } from '../model/policy';
import type { Action } from '../model/action';
import type { Snapshot } from '../model/snapshot';

/** Between the two looks at a bridge that never came up or that is stopped. */
const suspectSeconds = 60;

/** A drain that the bridge does not confirm within this time is ordered again. */
const drainConfirmSeconds = 120;

/** What a single bridge needs, whatever the size of the fleet. */
export function careFor(
  member: FleetMember,
  snapshot: Snapshot,
  policy: Policy,
  memory: Memory,
): readonly Action[] {
  const { bridge, phase } = member;
  const act = (kind: Exclude<Action['kind'], 'launch'>, reason: string): readonly Action[] => [
    { kind, instanceId: bridge.instanceId, reason },
  ];
  const neverUp =
    phase === 'overdue' || (phase === 'draining' && isOverdue(bridge, snapshot, policy));
  if (neverUp || bridge.state === 'stopped') return secondLook(member, snapshot, neverUp);
  if (bridge.suspectSince !== undefined && phase === 'active')
    return act('unsuspect', 'it reports');
  switch (phase) {
    case 'silent':
      return bridge.instanceId in memory.repairs
        ? []
        : act('repair', `silent for ${member.silentSeconds} s`);
    case 'lost':
      return isProtected(bridge, snapshot.now)
        ? []
        : act('replace', `silent for ${member.silentSeconds} s, also after its repair`);
    case 'draining':
      return careForDraining(member, snapshot, policy, memory);
    case 'booting':
    case 'active':
    case 'stopped':
    case 'gone':
      return [];
  }
}

function secondLook(
  { bridge, phase }: FleetMember,
  { now }: Snapshot,
  neverUp: boolean,
): readonly Action[] {
  if (isProtected(bridge, now)) return [];
  const reason = neverUp
    ? `no report ${Math.round(now - bridge.launchedAt)} s after launch`
    : `instance is ${phase}`;
  if (bridge.suspectSince === undefined)
    return [{ kind: 'suspect', instanceId: bridge.instanceId, reason }];
  if (now - bridge.suspectSince < suspectSeconds) return [];
  return [{ kind: 'discard', instanceId: bridge.instanceId, reason }];
}

function careForDraining(
  member: FleetMember,
  snapshot: Snapshot,
  policy: Policy,
  memory: Memory,
): readonly Action[] {
  const { bridge, report } = member;
  const { instanceId, drain } = bridge;
  if (bridge.state !== 'running') return [];
  if (drain === undefined)
    return [{ kind: 'drain', instanceId, reason: 'the bridge says that it drains' }];
  if (isProtected(bridge, snapshot.now)) return [];
  // It is counted on, and its tag and reports may not say so yet.
  const takenBackSeconds = secondsSinceTakenBack(instanceId, memory, snapshot.now);
  if (takenBackSeconds < takeBackSeconds) return [];
  if (isObservedEmpty(member, policy))
    return [
      {
        kind: 'retire',
        instanceId,
        reason: `drained and empty for ${policy.emptySeconds} s`,
      },
    ];
  // A service that has ended reports nothing more; its own status tells whether calls are left.
  if (bridge.everReported && member.silentSeconds >= policy.silentSeconds)
    return [{ kind: 'replace', instanceId, reason: `drained, silent ${member.silentSeconds} s` }];
  const isUnconfirmed =
    report !== undefined &&
    !report.draining &&
    member.fresh &&
    report.minute > drain.since + drainConfirmSeconds &&
    takenBackSeconds >= takeBackPauseSeconds;
  return isUnconfirmed
    ? [{ kind: 'drain', instanceId, reason: 'the bridge did not confirm its drain' }]
    : [];
}

/** Memory after the care: repairs noted, notes that are over dropped. */
export function rememberCare(
  members: readonly FleetMember[],
  actions: readonly Action[],
  now: number,
  memory: Memory,
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
    takenBack: Object.fromEntries(
      Object.entries(memory.takenBack).filter(([, at]) => now - at < takeBackPauseSeconds),
    ),
  };
}
