import type { Element } from '@xmpp/xml';
import type { ClientSession } from '../xmpp/client-session';
import type { BridgeReport } from './bridge-registry';

/** How a build of Jicofo hears of bridges. */
export interface BridgeFinder {
  /** Logged in: from now on reports are to come. */
  connected(session: ClientSession): void;
  disconnected(): void;
  /** Every stanza that is no answer. */
  receive(stanza: Element): void;
}

/** What a finder tells. */
export interface FinderEvents {
  /** A bridge's report; whether it was known, and so whether it has to be looked at. */
  reported(jid: string, report: BridgeReport): 'known' | 'unknown';
  /** A JID that turned out to be a bridge. */
  found(jid: string, report: BridgeReport): void;
  gone(jid: string, reason: string): void;
  log(line: string): void;
}
