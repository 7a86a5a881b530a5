import { child, elements, type XmlElement } from '../xmpp/element';
import { namespaces } from '../xmpp/namespaces';
import type { BridgeReport } from './bridge-registry';
import { readReport } from './bridge-report';

export interface StatsItem {
  /** The item's id, which is taken for the bridge's JID; who published it is not looked at. */
  readonly jid: string;
  readonly report: BridgeReport;
}

/** The bridges' reports in a pubsub notification from this service and node; none when it is something else. */
export function statsItems(message: XmlElement, service: string, node: string): StatsItem[] {
  if (message.name !== 'message' || message.attributes['from'] !== service) return [];
  const event = child(message, 'event', namespaces.pubsubEvent);
  const items = event && child(event, 'items');
  if (items?.attributes['node'] !== node) return [];
  return elements(items, 'item').flatMap((item) => {
    const stats = child(item, 'stats', namespaces.colibri);
    const jid = item.attributes['id'] ?? '';
    return stats === undefined || jid === '' ? [] : [{ jid, report: readReport(stats) }];
  });
}
