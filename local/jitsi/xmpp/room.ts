import xml, { type Element } from '@xmpp/xml';
import { namespaces } from './namespaces';

/** Presence that enters a room under a nickname, or renews what the room shows of us. */
export function roomPresence(
  room: string,
  nickname: string,
  ...extensions: readonly Element[]
): Element {
  return xml('presence', { to: `${room}/${nickname}` }, ...extensions);
}

/** Asks for entry (XEP-0045); part of the first presence only. */
export function joinRequest(): Element {
  return xml('x', { xmlns: namespaces.muc });
}

export function leavePresence(room: string, nickname: string): Element {
  return xml('presence', { to: `${room}/${nickname}`, type: 'unavailable' });
}

/** Presence of somebody in a room, as everybody in it gets it. */
export interface OccupantPresence {
  readonly nickname: string;
  /** `room@service/nickname`. */
  readonly jid: string;
  readonly kind: 'available' | 'unavailable' | 'error';
  /** It is our own. */
  readonly isSelf: boolean;
  readonly stanza: Element;
}

/**
 * The presence in a stanza when it comes from this room (in any case); undefined for everything
 * else.
 */
export function occupantPresence(stanza: Element, room: string): OccupantPresence | undefined {
  if (stanza.name !== 'presence') return undefined;
  const { from = '', type = 'available' } = stanza.attrs;
  const slash = from.indexOf('/');
  if (slash < 0 || from.slice(0, slash).toLowerCase() !== room.toLowerCase()) return undefined;
  if (type !== 'available' && type !== 'unavailable' && type !== 'error') return undefined;
  const user = stanza.getChild('x', namespaces.mucUser);
  const isSelf =
    user?.children.some(
      (part) => typeof part !== 'string' && part.name === 'status' && part.attrs['code'] === '110',
    ) ?? false;
  return { nickname: from.slice(slash + 1), jid: from, kind: type, isSelf, stanza };
}
