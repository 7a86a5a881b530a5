import type { SessionList } from './sessions';

/**
 * The same calls when two people alone talk peer to peer: while exactly two are in a conference,
 * neither is on a bridge. Sessions are cut into the stretches that a bridge carries.
 */
export function withoutPeerToPeer(sessions: SessionList, into: SessionList): void {
  const byConference = new Map<number, number[]>();
  for (let index = 0; index < sessions.length; index += 1) {
    const conference = sessions.conferenceOf(index);
    const members = byConference.get(conference);
    if (members === undefined) byConference.set(conference, [index]);
    else members.push(index);
  }
  for (const [conference, members] of byConference)
    cutConference(conference, members, sessions, into);
}

function cutConference(
  conference: number,
  members: readonly number[],
  sessions: SessionList,
  into: SessionList,
): void {
  const changes = members
    .flatMap((member) => [
      { at: sessions.joinAt(member), member, isJoin: true },
      { at: sessions.leaveAt(member), member, isJoin: false },
    ])
    .sort((a, b) => a.at - b.at || Number(a.isJoin) - Number(b.isJoin));
  const present = new Set<number>();
  const onBridgeSince = new Map<number, number>();
  for (const { at, member, isJoin } of changes) {
    if (isJoin) present.add(member);
    else present.delete(member);
    for (const [other, since] of onBridgeSince)
      if (present.size === 2 || !present.has(other)) {
        if (at > since) into.add(conference, since, at);
        onBridgeSince.delete(other);
      }
    if (present.size !== 2)
      for (const other of present) if (!onBridgeSince.has(other)) onBridgeSince.set(other, at);
  }
}
