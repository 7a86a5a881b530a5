import { setTimeout as pause } from 'node:timers/promises';
import { xml } from '@xmpp/client-core';
import type { Element } from '@xmpp/xml';
import { statsNode } from '../core/contract';
import type { StatsItem } from '../core/stats';
import { statsItemsOf } from './stats-stanzas';
import { withXmppSession, type XmppAccount, type XmppSession } from './xmpp';

export interface Listening {
  /** PubSub service that holds the stats node: the main domain. */
  readonly service: string;
  /** Longest time to listen. */
  readonly windowSeconds: number;
  /** Shortest time to listen, whatever `enough` says. */
  readonly minimumSeconds: number;
  readonly onItem: (item: StatsItem) => void;
  /** Whether all that is waited for has come. */
  readonly enough: () => boolean;
}

/** Resolves when the window is over or enough was heard. */
export type StatsSource = (account: XmppAccount, listening: Listening) => Promise<void>;

/** The server does not let us read the stats: no such node for the whole window, or no right to it. */
export class SubscribeFailedError extends Error {
  override readonly name = 'SubscribeFailedError';
}

const pubsubNamespace = 'http://jabber.org/protocol/pubsub';
const answerMs = 3_000;
const retryMs = 500;
const lookMs = 100;

/**
 * Listens to the stats node with a subscription of our own session, and takes it back.
 *
 * @throws SubscribeFailedError, and what `withXmppSession` throws; also when the stream breaks while
 * listening: half a window would look like bridges that fell silent.
 */
export const listenToStats: StatsSource = (account, listening) =>
  withXmppSession(account, async (session) => {
    const onStanza = (stanza: Element) => {
      for (const item of statsItemsOf(stanza, listening.service)) listening.onItem(item);
    };
    const start = Date.now();
    const end = start + listening.windowSeconds * 1000;
    session.client.on('stanza', onStanza);
    await subscribe(session, listening.service, end);
    try {
      await Promise.race([hear(listening, start, end), session.broken]);
    } finally {
      session.client.off('stanza', onStanza);
      await unsubscribe(session, listening.service);
    }
  });

async function hear(listening: Listening, start: number, end: number): Promise<void> {
  const earliest = Math.min(end, start + listening.minimumSeconds * 1000);
  const over = () => Date.now() >= end || (Date.now() >= earliest && listening.enough());
  while (!over()) await pause(lookMs);
}

/** With the full address: a subscription of the bare one delivers only after presence. */
async function subscribe(session: XmppSession, service: string, end: number): Promise<void> {
  for (;;) {
    try {
      await request(session, service, 'subscribe');
      return;
    } catch (error) {
      const condition = (error as { condition?: string }).condition;
      if (condition === undefined) throw error;
      // Just after a restart of the server the node may not be there yet.
      if (condition !== 'item-not-found' || Date.now() + retryMs >= end)
        throw new SubscribeFailedError(`${service} answers ${condition} to subscribe`);
    }
    await Promise.race([pause(retryMs), session.broken]);
  }
}

/** Best effort: the server drops it anyway when the session ends without storage. */
async function unsubscribe(session: XmppSession, service: string): Promise<void> {
  if (session.client.status === 'online')
    await request(session, service, 'unsubscribe').catch(() => undefined);
}

async function request(session: XmppSession, service: string, what: string): Promise<void> {
  const child = xml(what, { node: statsNode, jid: session.jid });
  const stanza = xml(
    'iq',
    { type: 'set', to: service },
    xml('pubsub', { xmlns: pubsubNamespace }, child),
  );
  await Promise.race([session.iq.request(stanza, answerMs), session.broken]);
}
