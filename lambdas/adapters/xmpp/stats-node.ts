import { setTimeout as pause } from 'node:timers/promises';
import { xml } from '@xmpp/client-core';
import type { Element } from '@xmpp/xml';
import { statsNode } from '../../core/protocol/xmpp-names';
import { hear, type StatsSource } from './stats-source';
import { statsItemsOf } from './stats-stanzas';
import { withXmppSession, type XmppSession } from './connection';

/**
 * The server does not let us read the stats: no such node for the whole window, or no right to it.
 */
export class SubscribeFailedError extends Error {
  override readonly name = 'SubscribeFailedError';
}

const pubsubNamespace = 'http://jabber.org/protocol/pubsub';
const answerMs = 3_000;
const retryMs = 500;

/**
 * Stats of `component` bridges: listens to the stats node of a pubsub service, which is the main
 * domain, with a subscription of our own session, and withdraws the subscription.
 *
 * @throws SubscribeFailedError, and what a {@link StatsSource} throws
 */
export function statsOfNode(service: string): StatsSource {
  return (account, listening) =>
    withXmppSession(account, async (session) => {
      const onStanza = (stanza: Element) => {
        for (const item of statsItemsOf(stanza, service)) listening.onHeard(item);
      };
      const start = Date.now();
      const end = start + listening.windowSeconds * 1000;
      session.client.on('stanza', onStanza);
      await subscribe(session, service, end);
      try {
        await Promise.race([hear(listening, start, end), session.broken]);
      } finally {
        session.client.off('stanza', onStanza);
        await unsubscribe(session, service);
      }
    });
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
