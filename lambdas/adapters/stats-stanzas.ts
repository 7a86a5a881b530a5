import type { Element } from '@xmpp/xml';
import { statsNode } from '../core/contract';
import type { StatsItem } from '../core/stats';

const eventNamespace = 'http://jabber.org/protocol/pubsub#event';
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
    const stats = item.getChild('stats', colibriNamespace);
    if (stats === undefined) return [];
    return [{ itemId: item.attrs['id'] ?? '', stats: stats.getChildren('stat').map(pairOf) }];
  });
}

function pairOf(stat: Element): readonly [string, string] {
  return [stat.attrs['name'] ?? '', stat.attrs['value'] ?? ''];
}
