import type { Element } from '@xmpp/xml';
import { namespaces } from '../xmpp/namespaces';
import type { BridgeReport } from './bridge-registry';
import { readReport } from './bridge-report';

export interface StatsItem {
  /** The item's id, which is taken for the bridge's JID; who published it is not looked at. */
  readonly jid: string;
  readonly report: BridgeReport;
}

/**
 * The bridges' reports in a pubsub notification from this service and node; none when it is
 * something else.
 */
export function statsItems(message: Element, service: string, node: string): StatsItem[] {
  if (message.name !== 'message' || message.attrs['from'] !== service) return [];
  const items = message.getChild('event', namespaces.pubsubEvent)?.getChild('items');
  if (items?.attrs['node'] !== node) return [];
  return items.getChildren('item').flatMap((item) => {
    const stats = item.getChild('stats', namespaces.colibri);
    const jid = item.attrs['id'] ?? '';
    return stats === undefined || jid === '' ? [] : [{ jid, report: readReport(stats) }];
  });
}
