import { type EC2Client, type Instance, paginateDescribeInstances } from '@aws-sdk/client-ec2';

import { bridgeName } from '../../lambdas/core/protocol/xmpp-names';
import { tagKeys } from '../../lambdas/core/protocol/tags';
import type { FocusStats } from '../jitsi/jicofo/control-server';
import type { BridgePicture, Picture } from '../view/picture';
import { cloud } from './addresses';
import type { DecisionLog } from './decision-log';

export interface CloudSources {
  readonly ec2: EC2Client;
  readonly decisions: DecisionLog;
  readonly focusStats: () => Promise<FocusStats>;
  readonly prosodySessionsDropped: () => number;
  readonly wantedParticipants: () => number;
}

/**
 * Looks at the running system through its own doors: EC2, the scaler's log, and what Jicofo sees.
 */
export async function readCloud(sources: CloudSources): Promise<Picture> {
  const at = new Date();
  const [instances, decisions, focus] = await Promise.all([
    fleetInstances(sources.ec2),
    sources.decisions.read(),
    sources.focusStats().catch(() => undefined),
  ]);
  const seen = new Map((focus?.bridges ?? []).map((bridge) => [nameIn(bridge.jid), bridge]));
  const ours = instances.map((instance) =>
    bridgePicture(instance, seen.get(bridgeName(instance.InstanceId ?? '')), at),
  );
  const names = new Set(ours.map(({ name }) => name));
  const others = [...seen]
    .filter(([name]) => !names.has(name))
    .map(([name, bridge]): BridgePicture => ({
      name,
      phase: 'default',
      ageSeconds: secondsSince(bridge.addedAt, at),
      ...loadOf(bridge),
    }));
  return {
    at,
    bridges: [...others, ...ours.sort((a, b) => b.ageSeconds - a.ageSeconds)],
    decisions,
    wantedParticipants: sources.wantedParticipants(),
    participantCount: focus?.participants ?? 0,
    conferenceCount: focus?.conferences ?? 0,
    forcedDisconnects: focus?.forcedDisconnects ?? 0,
    prosodySessionsDropped: sources.prosodySessionsDropped(),
  };
}

/** The fleet's instances as EC2 lists them, terminated ones included. */
export async function fleetInstances(client: EC2Client): Promise<readonly Instance[]> {
  const found: Instance[] = [];
  const Filters = [{ Name: `tag:${tagKeys.fleet}`, Values: [cloud.fleet] }];
  for await (const page of paginateDescribeInstances({ client }, { Filters })) {
    found.push(...(page.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []));
  }
  return found;
}

/** Whether EC2 still runs or boots it. */
export function isLive(instance: Instance): boolean {
  const state = instance.State?.Name;
  return state === 'pending' || state === 'running' || state === 'stopping' || state === 'stopped';
}

/**
 * Name of a bridge in the address that Jicofo has of it: a component's, or an occupant's of the
 * brewery.
 */
function nameIn(jid: string): string {
  return jid.includes('/') ? jid.slice(jid.indexOf('/') + 1) : jid.slice(0, jid.indexOf('.'));
}

function bridgePicture(
  instance: Instance,
  bridge: FocusStats['bridges'][number] | undefined,
  at: Date,
): BridgePicture {
  const instanceId = instance.InstanceId ?? '';
  return {
    instanceId,
    name: bridgeName(instanceId),
    phase: phaseOf(instance, bridge),
    ageSeconds: secondsSince(instance.LaunchTime?.toISOString() ?? at.toISOString(), at),
    ...(isLive(instance) && bridge !== undefined ? loadOf(bridge) : {}),
  };
}

function phaseOf(
  instance: Instance,
  bridge: FocusStats['bridges'][number] | undefined,
): BridgePicture['phase'] {
  if (!isLive(instance)) return 'gone';
  const tags = new Set((instance.Tags ?? []).map(({ Key }) => Key));
  if (tags.has(tagKeys.drain)) return 'draining';
  if (bridge !== undefined) return 'active';
  return tags.has(tagKeys.registered) ? 'registered' : 'booting';
}

function loadOf(
  bridge: FocusStats['bridges'][number],
): Pick<BridgePicture, 'stressRatio' | 'participantCount' | 'conferenceCount'> {
  return {
    stressRatio: bridge.stress,
    participantCount: bridge.participants,
    conferenceCount: bridge.conferences,
  };
}

function secondsSince(time: string, at: Date): number {
  return Math.max(0, (at.getTime() - Date.parse(time)) / 1000);
}
