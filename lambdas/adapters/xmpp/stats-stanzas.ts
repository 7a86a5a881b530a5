import type { Element } from '@xmpp/xml';
import { statsNode } from '../../core/protocol/xmpp-names';
import type { RawStats } from '../../core/stats/stats';
import type { StatsItem } from '../../core/stats/stats-component';
import type { BreweryPresence } from '../../core/stats/stats-muc';

const eventNamespace = 'http://jabber.org/protocol/pubsub#event';
const mucUserNamespace = 'http://jabber.org/protocol/muc#user';
const colibriNamespace = 'http://jitsi.org/protocol/colibri';

/**
 * Items of a pubsub notification of the stats node (XEP-0060 §7.1.2.1); none for any other stanza.
 * Only the service itself counts as sender, so that no guest can hand us a notification of his own:
 * the server stamps `from`.
 */
export function statsItemsOf(stanza: Element, service: string): StatsItem[] {
  if (stanza.name !== 'message' || stanza.attrs['from'] !== service) return [];
  const items = stanza.getChild('event', eventNamespace)?.getChild('items');
  if (items?.attrs['node'] !== statsNode) return [];
  return items.getChildren('item').flatMap((item) => {
    const stats = rawStatsOf(item);
    return stats === undefined
      ? []
      : [{ kind: 'item' as const, itemId: item.attrs['id'] ?? '', stats }];
  });
}

/**
 * A presence of another occupant of a room (XEP-0045 §7.2.2); undefined for any other stanza. The
 * server stamps `from` and who it is, and takes such stamps out of what occupants send.
 */
export function breweryPresenceOf(
  stanza: Element,
  room: string,
  moment: BreweryPresence['moment'],
): BreweryPresence | undefined {
  const occupant = occupantOf(stanza, room);
  const isLeaving = stanza.attrs['type'] === 'unavailable';
  if (occupant === undefined || occupant.isSelf) return undefined;
  if (stanza.attrs['type'] !== undefined && !isLeaving) return undefined;
  const { nickname, accounts } = occupant;
  return {
    kind: 'presence',
    nickname,
    accounts,
    moment,
    stats: isLeaving ? 'left' : rawStatsOf(stanza),
  };
}

export interface Occupant {
  readonly nickname: string;
  /** Bare addresses of its sessions; none when the room hides them. */
  readonly accounts: readonly string[];
  /** The room says that it is ourselves (status 110). */
  readonly isSelf: boolean;
  /** The room says that it was made by our entering (status 201). */
  readonly isNewRoom: boolean;
}

/** Whom a presence from a room is about; undefined for a stanza that is none. */
export function occupantOf(stanza: Element, room: string): Occupant | undefined {
  const [from = '', ...rest] = (stanza.attrs['from'] ?? '').split('/');
  if (stanza.name !== 'presence' || from.toLowerCase() !== room.toLowerCase()) return undefined;
  const stamps = stanza.getChildren('x', mucUserNamespace);
  const stamp = stamps.length === 1 ? stamps[0] : undefined;
  const codes = stamp?.getChildren('status').map(({ attrs }) => attrs['code']) ?? [];
  return {
    nickname: rest.join('/'),
    accounts: accountsOf(stamp),
    isSelf: codes.includes('110'),
    isNewRoom: codes.includes('201'),
  };
}

/** Bare addresses; none as soon as one of them is missing. */
function accountsOf(stamp: Element | undefined): string[] {
  const addresses = stamp?.getChildren('item').map(({ attrs }) => attrs['jid'] ?? '') ?? [];
  if (addresses.includes('')) return [];
  return addresses.map((address) => address.replace(/\/.*$/s, ''));
}

function rawStatsOf(parent: Element): RawStats | undefined {
  return parent.getChild('stats', colibriNamespace)?.getChildren('stat').map(pairOf);
}

function pairOf(stat: Element): readonly [string, string] {
  return [stat.attrs['name'] ?? '', stat.attrs['value'] ?? ''];
}
