import type { Element } from '@xmpp/xml';
import type { ClientSession } from '../xmpp/client-session';
import { namespaces } from '../xmpp/namespaces';
import { joinRequest, occupantPresence, roomPresence } from '../xmpp/room';
import type { BridgeFinder, FinderEvents } from './bridge-finder';
import { readReport } from './bridge-report';

export interface BreweryFinderOptions {
  readonly room: string;
  readonly nickname: string;
  /** Between attempts to enter, and for how long bridges may take to come back after an outage. */
  readonly retryMilliseconds: number;
}

/**
 * Today's Jicofo: whoever shows `<stats/>` in its presence in the brewery is a bridge until it
 * leaves.
 */
export class BreweryFinder implements BridgeFinder {
  private readonly present = new Set<string>();
  private missing = new Set<string>();
  private retry: NodeJS.Timeout | undefined;
  private sweep: NodeJS.Timeout | undefined;
  private session: ClientSession | undefined;

  constructor(
    private readonly options: BreweryFinderOptions,
    private readonly events: FinderEvents,
  ) {}

  connected(session: ClientSession): void {
    this.session = session;
    this.join();
    this.sweep = setTimeout(() => this.giveUpMissing(), this.options.retryMilliseconds);
  }

  disconnected(): void {
    this.session = undefined;
    clearTimeout(this.retry);
    clearTimeout(this.sweep);
    this.missing = new Set([...this.missing, ...this.present]);
    this.present.clear();
  }

  receive(stanza: Element): void {
    const presence = occupantPresence(stanza, this.options.room);
    if (presence === undefined) return;
    const { jid, kind, isSelf } = presence;
    if (isSelf || kind === 'error') {
      if (kind === 'available') this.events.log(`in ${this.options.room}`);
      else this.retry = setTimeout(() => this.join(), this.options.retryMilliseconds);
    } else if (kind === 'unavailable') {
      if (this.present.delete(jid)) this.events.gone(jid, 'it left the room');
    } else this.seen(jid, stanza);
  }

  private join(): void {
    const { room, nickname } = this.options;
    this.session?.send(roomPresence(room, nickname, joinRequest()));
  }

  private seen(jid: string, stanza: Element): void {
    const stats = stanza.getChild('stats', namespaces.colibri);
    if (stats === undefined) return;
    this.present.add(jid);
    this.missing.delete(jid);
    const report = readReport(stats);
    if (this.events.reported(jid, report) === 'unknown') this.events.found(jid, report);
  }

  private giveUpMissing(): void {
    for (const jid of this.missing) this.events.gone(jid, 'it did not come back');
    this.missing.clear();
  }
}
