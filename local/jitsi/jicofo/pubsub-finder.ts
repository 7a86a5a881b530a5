import xml, { type Element } from '@xmpp/xml';
import type { ClientSession } from '../xmpp/client-session';
import { namespaces } from '../xmpp/namespaces';
import type { BridgeFinder, FinderEvents } from './bridge-finder';
import { statsItems, type StatsItem } from './stats-item';

export interface PubsubFinderOptions {
  readonly address: string;
  readonly node: string;
  readonly retryMilliseconds: number;
  /** Whether disco#info says that this JID is a bridge. */
  readonly isBridge: (jid: string) => Promise<boolean>;
}

/** Builds up to 580: items on the stats node; whoever is new there is asked what it is. */
export class PubsubFinder implements BridgeFinder {
  private session: ClientSession | undefined;
  private resubscribe: NodeJS.Timeout | undefined;
  private readonly beingDiscovered = new Set<string>();

  constructor(
    private readonly options: PubsubFinderOptions,
    private readonly events: FinderEvents,
  ) {}

  connected(session: ClientSession): void {
    this.session = session;
    void this.subscribe(session);
  }

  disconnected(): void {
    this.session = undefined;
    clearTimeout(this.resubscribe);
  }

  receive(stanza: Element): void {
    for (const item of statsItems(stanza, this.options.address, this.options.node)) {
      if (this.events.reported(item.jid, item.report) === 'unknown') void this.discover(item);
    }
  }

  private async subscribe(session: ClientSession): Promise<void> {
    const { address, node, retryMilliseconds } = this.options;
    // The full JID: without presence nothing is delivered to the bare one.
    const wish = xml('subscribe', { node, jid: session.jid });
    const payload = xml('pubsub', { xmlns: namespaces.pubsub }, wish);
    const answer = await session.request('set', address, payload);
    if (this.session !== session) return;
    if (answer.kind === 'result') {
      this.events.log(`subscribed to ${node}`);
      return;
    }
    const problem = answer.kind === 'error' ? answer.condition : 'no answer';
    this.events.log(`not subscribed to ${node}: ${problem}`);
    this.resubscribe = setTimeout(() => void this.subscribe(session), retryMilliseconds);
  }

  private async discover({ jid, report }: StatsItem): Promise<void> {
    if (this.beingDiscovered.has(jid)) return;
    this.beingDiscovered.add(jid);
    const isBridge = await this.options.isBridge(jid);
    this.beingDiscovered.delete(jid);
    if (isBridge) this.events.found(jid, report);
    else this.events.log(`${jid} is not a bridge`);
  }
}
