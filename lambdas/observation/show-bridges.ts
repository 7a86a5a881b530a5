import {
  isObservedEmpty,
  isProtected,
  membersOf,
  type FleetMember,
} from '../core/model/fleet-member';
import type { Policy } from '../core/model/policy';
import type { BridgeStatus } from '../core/protocol/reply';
import { isoTime } from '../core/protocol/time';
import { bridgeName } from '../core/protocol/xmpp-names';
import type { Observation } from './observe';

/** The fleet's bridges as `status` and `plan` show them; those that EC2 ends are left out. */
export function showBridges(
  { snapshot, memory }: Observation,
  policy: Policy,
): readonly BridgeStatus[] {
  return membersOf(snapshot, policy, memory)
    .filter(({ phase }) => phase !== 'gone' && phase !== 'stopped')
    .map((member) => statusOf(member, policy, snapshot.now));
}

function statusOf(member: FleetMember, policy: Policy, now: number): BridgeStatus {
  const { bridge, report } = member;
  const { drain, protectUntil } = bridge;
  return {
    instanceId: bridge.instanceId,
    name: bridgeName(bridge.instanceId),
    phase: phaseShown(member, policy),
    instanceType: bridge.instanceType,
    zone: bridge.zone,
    launchedAt: isoTime(bridge.launchedAt),
    registered: bridge.registered,
    ...(report === undefined
      ? {}
      : {
          stressRatio: report.stressRatio,
          participantCount: report.participantCount,
          conferenceCount: report.conferenceCount,
          reportAgeSeconds: Math.max(0, now - report.minute),
        }),
    ...(drain === undefined ? {} : { drain: { ...drain, since: isoTime(drain.since) } }),
    ...(protectUntil !== undefined && isProtected(bridge, now)
      ? { protectedUntil: isoTime(protectUntil) }
      : {}),
  };
}

/** The four phases that people see: a silent bridge is active without a young report. */
function phaseShown(member: FleetMember, policy: Policy): BridgeStatus['phase'] {
  switch (member.phase) {
    case 'booting':
    case 'overdue':
      return 'booting';
    case 'draining':
      return isObservedEmpty(member, policy) ? 'retiring' : 'draining';
    case 'active':
    case 'silent':
    case 'lost':
    case 'stopped':
    case 'gone':
      return 'active';
  }
}
